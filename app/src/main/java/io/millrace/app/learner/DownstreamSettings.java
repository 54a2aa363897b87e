package io.millrace.app.learner;

import io.millrace.app.yaml.Section;
import io.millrace.schemas.Topics;
import io.millrace.topology.config.LabelJoinConfig;
import io.millrace.topology.config.LabelJoinTopics;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.config.PredictConfig;
import io.millrace.topology.config.PredictTopics;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.streams.StreamsConfig;

/**
 * What {@code predict} and {@code join-labels} are told, beside what the learner is: they share its
 * cluster, model and limits, and have a consumer group and a commit interval of their own.
 */
record DownstreamSettings(
    String unlabeled,
    String predictions,
    String labelTopic,
    int partitions,
    Program predict,
    Program join,
    long windowMs,
    long graceMs) {

  private static final long HOUR_MS = 3_600_000;

  /** What both programs have. */
  private record Program(int threads, long commitIntervalMs) {

    static Program read(Section section) {
      return new Program(
          section.integer("threads", 1, 1, 1024, "Threads, each with partitions of its own"),
          section.longInteger(
              "commitIntervalMs", 100, 1, HOUR_MS, "How often what was done is committed"));
    }

    Map<String, String> kafka(LearnerConfig config, String suffix) {
      Map<String, String> kafka = new HashMap<>(config.kafka());
      kafka.computeIfPresent(StreamsConfig.APPLICATION_ID_CONFIG, (_, id) -> id + suffix);
      kafka.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, Integer.toString(threads));
      kafka.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, Long.toString(commitIntervalMs));
      return kafka;
    }
  }

  static DownstreamSettings read(Section root, Section topics) {
    String unlabeled =
        topics.string("unlabeled", Topics.UNLABELED, "Images without labels, keyed by id");
    String predictions = topics.string("predictions", Topics.PREDICTIONS, "What a model says");
    String labels = topics.string("labels", Topics.LABELS, "Labels that come later, keyed by id");
    int partitions =
        topics.integer(
            "unlabeledPartitions",
            1,
            1,
            10_000,
            "Partitions of the topics unlabeled, predictions and labels where they are created");
    Section predict = root.section("predict", "How ./millrace predict works");
    Program predictor = Program.read(predict);
    Section join = root.section("labels", "Which labels ./millrace join-labels joins");
    long windowMs =
        join.longInteger(
            "windowMs",
            HOUR_MS,
            1,
            10_000 * HOUR_MS,
            "How much later than its image a label may be given, in event time");
    long graceMs =
        join.longInteger(
            "graceMs",
            60_000,
            0,
            10_000 * HOUR_MS,
            "How much longer is waited for what arrives late, in event time");
    return new DownstreamSettings(
        unlabeled,
        predictions,
        labels,
        partitions,
        predictor,
        Program.read(join),
        windowMs,
        graceMs);
  }

  PredictConfig predict(LearnerConfig config) {
    return new PredictConfig(
        config.model(),
        new PredictTopics(
            unlabeled, config.topics().snapshots(), predictions, config.topics().deadLetters()),
        config.images().maxRecordBytes(),
        config.images().maxPixels(),
        predict.threads(),
        predict.kafka(config, "-predict"));
  }

  LabelJoinConfig labels(LearnerConfig config) {
    Map<String, String> kafka = join.kafka(config, "-labels");
    return new LabelJoinConfig(
        new LabelJoinTopics(
            unlabeled, labelTopic, config.topics().images(), config.topics().deadLetters()),
        windowMs,
        graceMs,
        config.network().classes(),
        Math.min(config.images().maxRecordBytes(), LabelJoinConfig.MAX_RECORD_BYTES),
        join.threads(),
        kafka.getOrDefault(StreamsConfig.APPLICATION_ID_CONFIG, "millrace-labels"),
        kafka);
  }
}
