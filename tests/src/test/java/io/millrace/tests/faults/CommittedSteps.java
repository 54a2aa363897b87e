package io.millrace.tests.faults;

import io.millrace.TrainingMetrics;
import io.millrace.schemas.AvroCodec;
import io.millrace.tests.support.Cluster;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.Consumer;

/** Follows a run's metrics: how many steps its transactions have committed so far. */
final class CommittedSteps implements AutoCloseable {

  private final AvroCodec<TrainingMetrics> codec = AvroCodec.of(TrainingMetrics.class);
  private final AtomicLong newest = new AtomicLong();
  private final Thread thread;
  private volatile boolean closed;

  CommittedSteps(Cluster cluster, String metricsTopic) {
    thread = Thread.ofPlatform().daemon().start(() -> follow(cluster, metricsTopic));
  }

  private void follow(Cluster cluster, String topic) {
    try (Consumer<byte[], byte[]> consumer = cluster.consumer(topic)) {
      while (!closed) {
        consumer
            .poll(Duration.ofMillis(50))
            .forEach(record -> newest.set(codec.decode(record.value()).getStep()));
      }
    }
  }

  long newest() {
    return newest.get();
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while a consumer closes", e);
    }
  }
}
