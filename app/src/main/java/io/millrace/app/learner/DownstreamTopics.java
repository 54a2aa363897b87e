package io.millrace.app.learner;

import io.millrace.app.produce.TopicSetup;
import io.millrace.app.produce.TopicSpec;
import io.millrace.topology.StreamsResources;
import io.millrace.topology.config.LabelJoinTopics;
import io.millrace.topology.config.PredictTopics;
import io.millrace.topology.labels.LabelJoinTopology;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The topics that {@code predict} and {@code join-labels} need, as they have to be. */
public final class DownstreamTopics {

  private DownstreamTopics() {}

  /**
   * Creates what is missing for predictions, or refuses to start without it. The topic of snapshots
   * is the learner's.
   *
   * @throws io.millrace.app.produce.ProduceException naming the topic that is missing
   */
  public static void requirePredict(Map<String, String> client, LearnerConfigFile.Loaded loaded) {
    PredictTopics topics = loaded.predict().topics();
    try (TopicSetup setup = TopicSetup.connect(client)) {
      int partitions =
          require(
              setup,
              LearnerTopics.large(topics.unlabeled(), loaded.unlabeledPartitions()),
              loaded.createTopics());
      var _ =
          require(
              setup,
              TopicSpec.of(topics.predictions(), partitions, Map.of()),
              loaded.createTopics());
      var _ = require(setup, LearnerTopics.large(topics.deadLetters(), 1), loaded.createTopics());
    }
  }

  /**
   * Creates what is missing for the join, or refuses to start without it.
   *
   * @throws io.millrace.app.produce.ProduceException naming the topic that is missing
   * @throws IllegalArgumentException if images and labels would not meet, or would be learned in no
   *     one order
   */
  public static void requireLabels(Map<String, String> client, LearnerConfigFile.Loaded loaded) {
    LabelJoinTopics topics = loaded.labels().topics();
    boolean create = loaded.createTopics();
    try (TopicSetup setup = TopicSetup.connect(client)) {
      int unlabeled =
          require(
              setup, LearnerTopics.large(topics.unlabeled(), loaded.unlabeledPartitions()), create);
      int labels = require(setup, TopicSpec.of(topics.labels(), unlabeled, Map.of()), create);
      if (labels != unlabeled) {
        throw new IllegalArgumentException(
            "topics "
                + topics.unlabeled()
                + " and "
                + topics.labels()
                + ": expected the same number of partitions, so that an image and its label meet,"
                + " got "
                + unlabeled
                + " and "
                + labels);
      }
      int images = require(setup, LearnerTopics.large(topics.images(), 1), create);
      if (images != 1) {
        throw new IllegalArgumentException(
            "topic "
                + topics.images()
                + ": expected 1 partition, because one order of images makes one model, got "
                + images);
      }
      var _ = require(setup, LearnerTopics.large(topics.deadLetters(), 1), create);
    }
  }

  private static int require(TopicSetup setup, TopicSpec topic, boolean create) {
    return create ? setup.createIfMissing(topic) : setup.partitions(topic.name());
  }

  /** All that is to be made beforehand where no program may make topics. */
  public static List<TopicSpec> all(LearnerConfigFile.Loaded loaded) {
    int partitions = loaded.unlabeledPartitions();
    List<TopicSpec> all = new ArrayList<>();
    all.add(LearnerTopics.large(loaded.predict().topics().unlabeled(), partitions));
    all.add(TopicSpec.of(loaded.predict().topics().predictions(), partitions, Map.of()));
    all.add(TopicSpec.of(loaded.labels().topics().labels(), partitions, Map.of()));
    for (String changelog : StreamsResources.of(loaded.labels()).changelogs()) {
      all.add(TopicSpec.of(changelog, partitions, LabelJoinTopology.changelogSettings()));
    }
    return all;
  }
}
