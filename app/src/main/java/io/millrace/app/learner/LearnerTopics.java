package io.millrace.app.learner;

import io.millrace.app.produce.TopicSetup;
import io.millrace.app.produce.TopicSpec;
import io.millrace.topology.LearnerResources;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.config.TopicNames;
import io.millrace.topology.state.TrainingStateStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The topics that a learner needs, as they have to be. */
public final class LearnerTopics {

  /**
   * Room for the largest picture that anybody sends by mistake, so that it can be a dead letter.
   */
  private static final String LARGE_RECORD_BYTES = Integer.toString(16 << 20);

  private LearnerTopics() {}

  /**
   * Creates what is missing, or refuses to start without it.
   *
   * @throws io.millrace.app.produce.ProduceException naming the topic that is missing
   * @throws IllegalArgumentException if a topic has more partitions than it may, or the training
   *     state is gone
   */
  public static void require(Map<String, String> client, LearnerConfig config, boolean create) {
    try (TopicSetup setup = TopicSetup.connect(client)) {
      for (TopicSpec topic : specs(config.topics())) {
        if (create) {
          setup.ensure(topic);
        } else {
          requirePartitions(setup, topic);
        }
      }
    }
    LostState.refuse(client, config);
  }

  private static void requirePartitions(TopicSetup setup, TopicSpec topic) {
    int actual = setup.partitions(topic.name());
    if (topic.partitions().isPresent() && actual != topic.partitions().get()) {
      throw new IllegalArgumentException(
          "topic "
              + topic.name()
              + ": expected 1 partition, because one order of images makes one model, got "
              + actual
              + "; use a topic with 1 partition");
    }
  }

  /** The topics of a configuration; one partition each where the order of records matters. */
  static List<TopicSpec> specs(TopicNames topics) {
    return List.of(
        large(topics.images(), 1),
        TopicSpec.of(topics.metrics(), 1, Map.of()),
        // Pictures of the network as it was: the newest are enough.
        TopicSpec.of(
            topics.layers(),
            1,
            Map.of(
                "retention.bytes", Integer.toString(64 << 20),
                "segment.bytes", Integer.toString(16 << 20))),
        TopicSpec.of(
            topics.snapshots(),
            1,
            Map.of(
                "cleanup.policy", "compact",
                "segment.bytes", Integer.toString(64 << 20),
                "min.cleanable.dirty.ratio", "0.2")),
        large(topics.deadLetters(), 1),
        // A replay needs all of it, and it is small.
        TopicSpec.of(topics.journal(), 1, Map.of("retention.ms", "-1")),
        TopicSpec.of(topics.control(), 1, Map.of()),
        TopicSpec.of(topics.acknowledgements(), 1, Map.of()),
        TopicSpec.of(topics.aliases(), 1, Map.of("cleanup.policy", "compact")));
  }

  /** A topic for images. */
  static TopicSpec large(String name, int partitions) {
    return TopicSpec.of(name, partitions, Map.of("max.message.bytes", LARGE_RECORD_BYTES));
  }

  /** The topics of a learner, with the one that Kafka Streams makes where it is missing. */
  public static List<TopicSpec> withChangelog(LearnerConfig config) {
    List<TopicSpec> all = new ArrayList<>(specs(config.topics()));
    all.add(
        TopicSpec.of(
            LearnerResources.of(config).changelog(), 1, TrainingStateStore.builder().logConfig()));
    return all;
  }
}
