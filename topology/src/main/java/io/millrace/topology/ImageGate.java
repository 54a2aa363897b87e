package io.millrace.topology;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * Stops images at the consumer while training is paused, and lets commands through: pausing Kafka
 * Streams as a whole would stop the command that ends the pause.
 */
final class ImageGate {

  private final String images;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * An open gate.
   *
   * @param images the topic that is held up
   */
  ImageGate(String images) {
    this.images = images;
  }

  /** Takes effect at the next poll: what is in hand is taken in and waits in the state. */
  void close() {
    closed.set(true);
  }

  void open() {
    closed.set(false);
  }

  /** Kafka's clients, with the gate in the consumer. */
  KafkaClientSupplier clients() {
    return new KafkaClientSupplier() {
      @Override
      public Admin getAdmin(Map<String, Object> config) {
        return Admin.create(config);
      }

      @Override
      public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
      }

      @Override
      public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return new GatedConsumer(config);
      }

      @Override
      public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return new KafkaConsumer<>(
            config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
      }

      @Override
      public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        return getRestoreConsumer(config);
      }
    };
  }

  /** Used by the one thread of Streams that it belongs to. */
  private final class GatedConsumer extends KafkaConsumer<byte[], byte[]> {

    private final List<TopicPartition> held = new ArrayList<>();

    GatedConsumer(Map<String, Object> config) {
      super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
      held.retainAll(assignment());
      if (closed.get()) {
        hold();
      } else if (!held.isEmpty()) {
        super.resume(held);
        held.clear();
      }
      return super.poll(timeout);
    }

    /** Streams resumes a partition when its buffer runs empty or its task is restored. */
    @Override
    public void resume(Collection<TopicPartition> partitions) {
      super.resume(partitions);
      held.removeAll(partitions);
    }

    private void hold() {
      for (TopicPartition partition : assignment()) {
        // What Streams itself has paused, it will resume itself.
        if (partition.topic().equals(images) && !paused().contains(partition)) {
          super.pause(List.of(partition));
          held.add(partition);
        }
      }
    }
  }
}
