package io.millrace.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.ThreadMetadata;

/** Asks an instance of Kafka Streams how it is. */
final class StreamsHealthCheck {

  private static final Set<State> DEAD =
      Set.of(State.ERROR, State.PENDING_ERROR, State.NOT_RUNNING);

  private StreamsHealthCheck() {}

  static StreamsHealth of(KafkaStreams streams, Optional<Throwable> failure) {
    State state = streams.state();
    Set<ThreadMetadata> threads =
        state == State.CREATED || DEAD.contains(state)
            ? Set.of()
            : streams.metadataForLocalThreads();
    List<String> descriptions = new ArrayList<>();
    int tasks = 0;
    for (ThreadMetadata thread : threads) {
      descriptions.add(thread.threadName() + " " + thread.threadState());
      tasks += thread.activeTasks().size();
    }
    boolean live =
        failure.isEmpty()
            && !DEAD.contains(state)
            && (state == State.CREATED || !threads.isEmpty());
    String reason = live ? unready(state, threads, streams.metrics()) : dead(state, failure);
    return new StreamsHealth(
        live, live && reason.isEmpty(), state.name(), reason, descriptions, tasks);
  }

  private static String dead(State state, Optional<Throwable> failure) {
    return "expected a running program, got "
        + state
        + failure.map(cause -> " because of " + cause).orElse("");
  }

  /** Empty if nothing stands in the way. */
  private static String unready(
      State state, Set<ThreadMetadata> threads, Map<MetricName, ? extends Metric> metrics) {
    if (state == State.CREATED) {
      return "expected Kafka Streams RUNNING, got CREATED: it was not started yet";
    }
    if (connections(metrics) == 0) {
      return "expected a connection to a broker, got none; it goes on when one answers";
    }
    if (state == State.RUNNING) {
      return "";
    }
    boolean restoring =
        threads.stream().anyMatch(thread -> thread.threadState().equals("PARTITIONS_ASSIGNED"));
    return "expected Kafka Streams RUNNING, got "
        + state
        + (restoring ? ": it restores its state" : ": it waits for its place in the group");
  }

  /**
   * Connections of the consumers that are polled, which keep one for as long as a broker answers.
   * That for restoring rests once it has restored, and does not notice when its own are gone.
   */
  private static double connections(Map<MetricName, ? extends Metric> metrics) {
    double sum = 0;
    for (Map.Entry<MetricName, ? extends Metric> entry : metrics.entrySet()) {
      if (entry.getKey().name().equals("connection-count")
          && entry.getKey().group().equals("consumer-metrics")
          && !entry.getKey().tags().getOrDefault("client-id", "").endsWith("-restore-consumer")
          && entry.getValue().metricValue() instanceof Double count) {
        sum += count;
      }
    }
    return sum;
  }
}
