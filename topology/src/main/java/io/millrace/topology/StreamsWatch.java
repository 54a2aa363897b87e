package io.millrace.topology;

import io.millrace.topology.learn.StreamTimes;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.jspecify.annotations.Nullable;

/**
 * Knows how far the consumers are behind and how long commits take, from Kafka Streams' own metrics
 * at most once a second, and how long restoring took.
 */
final class StreamsWatch implements StateRestoreListener {

  private static final long REFRESH_NANOS = 1_000_000_000L;
  private static final long NANOS_PER_MS = 1_000_000;

  private final String topic;
  private final String store;
  private Supplier<Map<MetricName, ? extends Metric>> metrics = Map::of;
  private Map<String, Long> lag = Map.of();
  private double commitMs;
  private long restoreMs = -1;
  private long restoredRecords = -1;
  private long restoreBeganNanos;
  private long readNanos = System.nanoTime() - REFRESH_NANOS;

  /**
   * Of one topic's consumers.
   *
   * @param store whose restoring counts
   */
  StreamsWatch(String topic, String store) {
    this.topic = topic;
    this.store = store;
  }

  /** Until this is called, nothing is known: the topology is built before its client is. */
  synchronized void readFrom(Supplier<Map<MetricName, ? extends Metric>> source) {
    metrics = source;
  }

  /** Records behind the end, keyed {@code topic-partition}. */
  synchronized Map<String, Long> lag() {
    refresh();
    return lag;
  }

  synchronized StreamTimes times() {
    refresh();
    return new StreamTimes(commitMs, restoreMs, restoredRecords);
  }

  private void refresh() {
    if (System.nanoTime() - readNanos < REFRESH_NANOS) {
      return;
    }
    readNanos = System.nanoTime();
    Map<String, Long> newest = new TreeMap<>();
    for (Map.Entry<MetricName, ? extends Metric> entry : metrics.get().entrySet()) {
      Double value = number(entry.getValue());
      MetricName name = entry.getKey();
      if (value == null) {
        continue;
      }
      String partition = name.tags().get("partition");
      // Kafka reports a topic with a dot in its name a second time, with an underscore instead.
      if (name.name().equals("records-lag")
          && partition != null
          && topic.equals(name.tags().get("topic"))) {
        newest.put(topic + "-" + partition, value.longValue());
      } else if (name.name().equals("commit-latency-avg")
          && name.group().equals("stream-thread-metrics")) {
        commitMs = value;
      }
    }
    lag = newest;
  }

  private static @Nullable Double number(Metric metric) {
    return metric.metricValue() instanceof Double value && !value.isNaN() ? value : null;
  }

  @Override
  public synchronized void onRestoreStart(
      TopicPartition partition, String name, long startingOffset, long endingOffset) {
    if (name.equals(store)) {
      restoreBeganNanos = System.nanoTime();
    }
  }

  @Override
  public void onBatchRestored(
      TopicPartition partition, String name, long batchEndOffset, long numRestored) {}

  @Override
  public synchronized void onRestoreEnd(TopicPartition partition, String name, long total) {
    if (name.equals(store)) {
      restoreMs = (System.nanoTime() - restoreBeganNanos) / NANOS_PER_MS;
      restoredRecords = total;
    }
  }
}
