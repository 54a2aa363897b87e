package io.millrace.topology;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/** Reads how far the consumers are behind, from their own metrics, at most once a second. */
final class ConsumerLag {

  private static final long REFRESH_NANOS = 1_000_000_000L;

  private final String topic;
  private Supplier<Map<MetricName, ? extends Metric>> metrics = Map::of;
  private Map<String, Long> newest = Map.of();
  private long readNanos = System.nanoTime() - REFRESH_NANOS;

  ConsumerLag(String topic) {
    this.topic = topic;
  }

  /** Until this is called, nothing is known: the topology is built before its client is. */
  synchronized void readFrom(Supplier<Map<MetricName, ? extends Metric>> source) {
    metrics = source;
  }

  /** Records behind the end, keyed {@code topic-partition}. */
  synchronized Map<String, Long> byPartition() {
    if (System.nanoTime() - readNanos >= REFRESH_NANOS) {
      readNanos = System.nanoTime();
      Map<String, Long> lag = new TreeMap<>();
      metrics.get().forEach((name, metric) -> add(lag, name, metric));
      newest = lag;
    }
    return newest;
  }

  /** Kafka reports a topic with a dot in its name a second time, with an underscore instead. */
  private void add(Map<String, Long> lag, MetricName name, Metric metric) {
    String partition = name.tags().get("partition");
    if (name.name().equals("records-lag")
        && partition != null
        && topic.equals(name.tags().get("topic"))
        && metric.metricValue() instanceof Double records
        && !records.isNaN()) {
      lag.put(topic + "-" + partition, records.longValue());
    }
  }
}
