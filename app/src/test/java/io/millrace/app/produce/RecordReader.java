package io.millrace.app.produce;

import io.millrace.LabeledImage;
import io.millrace.schemas.AvroCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a whole topic of images. */
final class RecordReader {
  private static final AvroCodec<LabeledImage> CODEC = AvroCodec.of(LabeledImage.class);

  private RecordReader() {}

  /** All records up to the ends that these partitions have now, partition by partition. */
  static List<ConsumerRecord<byte[], byte[]>> all(String servers, String topic, int partitions) {
    try (Consumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", servers, "auto.offset.reset", "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
      for (TopicPartition partition :
          IntStream.range(0, partitions).mapToObj(p -> new TopicPartition(topic, p)).toList()) {
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
        while (consumer.position(partition) < end) {
          consumer.poll(Duration.ofMillis(200)).forEach(found::add);
        }
      }
      return found;
    }
  }

  static List<String> keys(String servers, String topic, int partitions) {
    return all(servers, topic, partitions).stream().map(RecordReader::key).toList();
  }

  static String key(ConsumerRecord<byte[], byte[]> record) {
    return new String(record.key(), StandardCharsets.UTF_8);
  }

  static LabeledImage image(ConsumerRecord<byte[], byte[]> record) {
    return CODEC.decode(record.value());
  }
}
