package io.millrace.topology.config;

import java.util.Map;
import java.util.TreeMap;

/**
 * All that decides what is predicted, and by which model.
 *
 * @param model the model whose newest snapshot predicts
 * @param maxRecordBytes a larger record is a dead letter
 * @param maxPixels a picture whose header promises more is a dead letter, before it is decoded
 * @param threads threads that predict, each with partitions of its own
 * @param kafka properties passed through to Kafka Streams and its clients
 */
public record PredictConfig(
    String model,
    PredictTopics topics,
    int maxRecordBytes,
    int maxPixels,
    int threads,
    Map<String, String> kafka) {

  public PredictConfig {
    if (threads < 1) {
      throw new IllegalArgumentException("predict.threads: expected at least 1, got " + threads);
    }
    if (maxRecordBytes < 1 || maxRecordBytes > ImageConfig.MAX_RECORD_BYTES || maxPixels < 1) {
      throw new IllegalArgumentException(
          "images: expected maxRecordBytes from 1 to "
              + ImageConfig.MAX_RECORD_BYTES
              + " and maxPixels of at least 1, got "
              + maxRecordBytes
              + " and "
              + maxPixels);
    }
    kafka = Map.copyOf(new TreeMap<>(kafka));
  }

  /** The default topics, limits and one thread. */
  public static PredictConfig of(String model, Map<String, String> kafka) {
    return new PredictConfig(
        model,
        PredictTopics.defaults(),
        ImageConfig.DEFAULT_MAX_RECORD_BYTES,
        ImageConfig.DEFAULT_MAX_PIXELS,
        1,
        kafka);
  }

  /** The same with other topics. */
  public PredictConfig withTopics(PredictTopics newTopics) {
    return new PredictConfig(model, newTopics, maxRecordBytes, maxPixels, threads, kafka);
  }
}
