package io.millrace.app.learner;

import io.millrace.app.produce.TopicSpec;
import io.millrace.topology.config.LearnerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Commands of Kafka's tools that make topics before programs start, or change them. */
public final class TopicCommands {

  private TopicCommands() {}

  static String of(LearnerConfigFile.Loaded loaded) {
    LearnerConfig config = loaded.config();
    String servers = config.kafka().getOrDefault("bootstrap.servers", "");
    StringBuilder out = new StringBuilder("# topics; add --replication-factor where you need it\n");
    List<TopicSpec> topics = new ArrayList<>(LearnerTopics.withChangelog(config));
    topics.addAll(DownstreamTopics.all(loaded));
    for (TopicSpec topic : topics) {
      out.append(create(topic, servers)).append('\n');
    }
    return out.toString();
  }

  /** The command that makes a topic. */
  public static String create(TopicSpec topic, String servers) {
    StringBuilder out = new StringBuilder(ShellText.command("kafka-topics.sh", servers));
    out.append(" --create --if-not-exists --topic ").append(ShellText.quote(topic.name()));
    topic.partitions().ifPresent(count -> out.append(" --partitions ").append(count));
    new TreeMap<>(topic.config())
        .forEach(
            (key, value) -> out.append(" --config ").append(ShellText.quote(key + "=" + value)));
    return out.toString();
  }

  /** The command that changes a setting of a topic. */
  public static String set(String topic, String key, String value, String servers) {
    return ShellText.command("kafka-configs.sh", servers)
        + " --alter --topic "
        + ShellText.quote(topic)
        + " --add-config "
        + ShellText.quote(key + "=" + value);
  }
}
