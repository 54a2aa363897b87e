package io.millrace.benchmarks.serving;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Publishes versions as a learner does, and keeps all of them. */
final class VersionPublisher {
  static final String TOPIC = "counting.snapshots";

  private VersionPublisher() {}

  static void publish(String servers, int versions) throws IOException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
      NewTopic topic =
          new NewTopic(TOPIC, 1, (short) 1)
              .configs(Map.of("cleanup.policy", "compact", "min.compaction.lag.ms", "86400000"));
      admin.createTopics(List.of(topic)).all().get();
    } catch (ExecutionException e) {
      throw new IOException("the broker refused a topic", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", servers, "transactional.id", "publisher"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.initTransactions();
      for (int version = 1; version <= versions; version++) {
        producer.beginTransaction();
        CountingModel.write(
            version,
            (key, value) -> {
              var _ =
                  producer.send(
                      new ProducerRecord<>(TOPIC, 0, key.getBytes(StandardCharsets.UTF_8), value));
            });
        producer.commitTransaction();
      }
    }
  }
}
