package io.millrace.app.learner;

import io.millrace.app.produce.TopicSpec;
import io.millrace.topology.config.LearnerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The commands that make the topics of all programs before they start. */
final class TopicCommands {

  private TopicCommands() {}

  static String of(LearnerConfigFile.Loaded loaded) {
    LearnerConfig config = loaded.config();
    String servers = config.kafka().getOrDefault("bootstrap.servers", "");
    StringBuilder out = new StringBuilder("# topics; add --replication-factor where you need it\n");
    List<TopicSpec> topics = new ArrayList<>(LearnerTopics.withChangelog(config));
    topics.addAll(DownstreamTopics.all(loaded));
    for (TopicSpec topic : topics) {
      out.append(ShellText.command("kafka-topics.sh", servers))
          .append(" --create --if-not-exists --topic ")
          .append(ShellText.quote(topic.name()));
      topic.partitions().ifPresent(count -> out.append(" --partitions ").append(count));
      new TreeMap<>(topic.config())
          .forEach(
              (key, value) -> out.append(" --config ").append(ShellText.quote(key + "=" + value)));
      out.append('\n');
    }
    return out.toString();
  }
}
