package io.millrace.topology.config;

import java.util.Map;
import java.util.TreeMap;

/**
 * Which labels join which images.
 *
 * @param windowMs how much later than its image a label may be given, in event time
 * @param graceMs how much longer an image or a label is kept, in event time, for what was given in
 *     time and arrives late
 * @param classes a label must be less than this
 * @param maxRecordBytes a larger record is a dead letter
 * @param threads threads that join, each with partitions of its own
 * @param applicationId the consumer group; also the first part of the changelogs' names
 * @param kafka properties passed through to Kafka Streams and its clients
 */
public record LabelJoinConfig(
    LabelJoinTopics topics,
    long windowMs,
    long graceMs,
    int classes,
    int maxRecordBytes,
    int threads,
    String applicationId,
    Map<String, String> kafka) {

  /** What is kept of an image must fit into one record beside its names. */
  public static final int MAX_RECORD_BYTES = ImageConfig.MAX_RECORD_BYTES - (64 << 10);

  public LabelJoinConfig {
    if (windowMs < 1 || graceMs < 0) {
      throw new IllegalArgumentException(
          "labels: expected windowMs of at least 1 and graceMs of at least 0, got "
              + windowMs
              + " and "
              + graceMs);
    }
    if (classes < 1 || threads < 1) {
      throw new IllegalArgumentException(
          "labels: expected at least 1 class and 1 thread, got " + classes + " and " + threads);
    }
    if (maxRecordBytes < 1 || maxRecordBytes > MAX_RECORD_BYTES) {
      throw new IllegalArgumentException(
          "labels: maxRecordBytes: expected 1 to " + MAX_RECORD_BYTES + ", got " + maxRecordBytes);
    }
    kafka = Map.copyOf(new TreeMap<>(kafka));
  }

  /** What comes at this event time is remembered until this event time. */
  public long deadlineMs(long eventTimeMs) {
    long keptMs = Math.addExact(windowMs, graceMs);
    return eventTimeMs > Long.MAX_VALUE - keptMs ? Long.MAX_VALUE : eventTimeMs + keptMs;
  }

  /** Whether a label was given in time; one that was given before its image was taken is. */
  public boolean inWindow(long imageTimeMs, long labelTimeMs) {
    return labelTimeMs <= imageTimeMs || labelTimeMs - imageTimeMs <= windowMs;
  }
}
