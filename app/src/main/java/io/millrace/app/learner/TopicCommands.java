package io.millrace.app.learner;

import io.millrace.app.produce.TopicSpec;
import io.millrace.topology.config.LearnerConfig;
import java.util.TreeMap;

/** The commands that make the topics of a learner before it starts. */
final class TopicCommands {

  private TopicCommands() {}

  static String of(LearnerConfig config) {
    String servers = config.kafka().getOrDefault("bootstrap.servers", "");
    StringBuilder out = new StringBuilder("# topics; add --replication-factor where you need it\n");
    for (TopicSpec topic : LearnerTopics.withChangelog(config)) {
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
