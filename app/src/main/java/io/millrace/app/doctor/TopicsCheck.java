package io.millrace.app.doctor;

import io.millrace.app.learner.TopicCommands;
import io.millrace.app.produce.TopicSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Whether the topics are as Millrace would have made them. */
final class TopicsCheck implements Check {

  private static final String CLEANUP = "cleanup.policy";
  private static final String COMPACT = "compact";
  private static final String MAX_BYTES = "max.message.bytes";
  private static final String RETENTION = "retention.ms";

  private final Brokers brokers;
  private final List<TopicSpec> specs;
  private final boolean creates;
  private final int maxRecordBytes;

  /**
   * A check of these topics.
   *
   * @param creates whether the program makes what is missing
   * @param maxRecordBytes what the learner takes for an image
   */
  TopicsCheck(Brokers brokers, List<TopicSpec> specs, boolean creates, int maxRecordBytes) {
    this.brokers = brokers;
    this.specs = specs;
    this.creates = creates;
    this.maxRecordBytes = maxRecordBytes;
  }

  @Override
  public String subject() {
    return "topics";
  }

  @Override
  public List<Finding> look() {
    List<Finding> findings = new ArrayList<>();
    Map<String, Brokers.Told> told = brokers.topics(specs.stream().map(TopicSpec::name).toList());
    List<String> missing = new ArrayList<>();
    int good = 0;
    for (TopicSpec spec : specs) {
      Brokers.Told topic = told.getOrDefault(spec.name(), Brokers.Told.NOTHING);
      int before = findings.size();
      if (topic.topic().isPresent()) {
        look(spec, topic.topic().get(), findings);
        good += findings.size() == before ? 1 : 0;
      } else if (topic
          .refusal()
          .filter(UnknownTopicOrPartitionException.class::isInstance)
          .isPresent()) {
        missing.add(spec.name());
        if (!creates && !isChangelog(spec)) {
          findings.add(
              fault(
                  spec.name()
                      + ": expected it to be there, as createTopics is false, got no such"
                      + " topic",
                  TopicCommands.create(spec, servers())));
        }
      }
    }
    if (good > 0) {
      findings.addFirst(fine(good + " as they have to be"));
    }
    if (!missing.isEmpty() && creates) {
      findings.add(fine("made at the first start: " + String.join(", ", missing)));
    }
    return findings;
  }

  private void look(TopicSpec spec, TopicDescription topic, List<Finding> findings) {
    String name = spec.name();
    int partitions = topic.partitions().size();
    if (spec.partitions().isPresent() && partitions != spec.partitions().get()) {
      findings.add(
          fault(
              name + ": expected " + spec.partitions().get() + " partition(s), got " + partitions,
              "partitions cannot be taken away: use another topic, or delete and create it: "
                  + TopicCommands.create(spec, servers())));
    }
    Map<String, String> settings;
    try {
      settings = brokers.settings(ConfigResource.Type.TOPIC, name);
    } catch (AuthorizationException e) {
      findings.add(unknown(name + ": its settings may not be read (DESCRIBE_CONFIGS)"));
      replicas(name, topic, 1, findings);
      return;
    }
    cleanup(spec, settings, findings);
    sizes(spec, settings, findings);
    retention(spec, settings, findings);
    int least = Integer.parseInt(settings.getOrDefault("min.insync.replicas", "1"));
    replicas(name, topic, least, findings);
  }

  private void cleanup(TopicSpec spec, Map<String, String> settings, List<Finding> findings) {
    String actual = settings.getOrDefault(CLEANUP, "delete");
    boolean compacted = spec.config().getOrDefault(CLEANUP, "delete").equals(COMPACT);
    if (compacted && !actual.equals(COMPACT)) {
      findings.add(
          fault(
              spec.name()
                  + ": expected cleanup.policy compact, got "
                  + actual
                  + ": what is old is deleted though it still holds",
              set(spec.name(), CLEANUP, COMPACT)));
    } else if (!compacted && actual.contains(COMPACT)) {
      findings.add(
          fault(
              spec.name()
                  + ": expected cleanup.policy delete, got "
                  + actual
                  + ": records with equal keys are thrown away",
              set(spec.name(), CLEANUP, "delete")));
    }
  }

  private void sizes(TopicSpec spec, Map<String, String> settings, List<Finding> findings) {
    long actual = Long.parseLong(settings.getOrDefault(MAX_BYTES, "1048588"));
    if (spec.config().containsKey(MAX_BYTES) && actual < maxRecordBytes) {
      findings.add(
          warning(
              spec.name()
                  + ": takes records of at most "
                  + actual
                  + " bytes, the learner images of "
                  + maxRecordBytes,
              set(spec.name(), MAX_BYTES, spec.config().getOrDefault(MAX_BYTES, ""))
                  + ", or lower images.maxRecordBytes"));
    }
  }

  private void retention(TopicSpec spec, Map<String, String> settings, List<Finding> findings) {
    if (spec.config().containsKey(RETENTION)
        && !settings.getOrDefault(RETENTION, "-1").equals(spec.config().get(RETENTION))) {
      findings.add(
          warning(
              spec.name()
                  + ": expected retention.ms -1, got "
                  + settings.get(RETENTION)
                  + ": without all of it no version can be replayed",
              set(spec.name(), RETENTION, "-1")));
    }
  }

  private void replicas(String name, TopicDescription topic, int least, List<Finding> findings) {
    topic.partitions().stream()
        .filter(partition -> partition.leader() == null || partition.isr().size() < least)
        .findFirst()
        .ifPresent(partition ->
            findings.add(
                fault(
                    name
                        + "-"
                        + partition.partition()
                        + ": expected "
                        + least
                        + " copies in sync and a leader, got "
                        + partition.isr().size()
                        + (partition.leader() == null ? " and none" : "")
                        + ": nothing can be written",
                    "start the brokers that are down"
                        + (least > partition.replicas().size()
                            ? ", or " + set(name, "min.insync.replicas", "1")
                            : ""))));
  }

  /** Kafka Streams makes it whatever Millrace is told. */
  private static boolean isChangelog(TopicSpec spec) {
    return spec.name().endsWith("-changelog");
  }

  private String set(String topic, String key, String value) {
    return TopicCommands.set(topic, key, value, servers());
  }

  private String servers() {
    return brokers.client().getOrDefault("bootstrap.servers", "");
  }
}
