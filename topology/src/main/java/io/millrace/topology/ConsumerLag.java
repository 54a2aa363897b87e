package io.millrace.topology;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/** Reads how far the consumers are behind, from their own metrics, at most once a second. */
final class ConsumerLag {

  private static final long REFRESH_NANOS = 1_000_000_000L;

  private Supplier<Map<MetricName, ? extends Metric>> metrics = Map::of;
  private Map<String, Long> newest = Map.of();
  private long readNanos = System.nanoTime() - REFRESH_NANOS;

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

  private static void add(Map<String, Long> lag, MetricName name, Metric metric) {
    boolean ofPartition =
        name.name().equals("records-lag") && name.tags().keySet().contains("partition");
    if (ofPartition
        && name.tags().getOrDefault("client-id", "").contains("-StreamThread-")
        && !name.tags().getOrDefault("client-id", "").endsWith("-restore-consumer")
        && metric.metricValue() instanceof Double records
        && !records.isNaN()) {
      lag.put(name.tags().get("topic") + "-" + name.tags().get("partition"), records.longValue());
    }
  }
}
