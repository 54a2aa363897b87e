package io.millrace.app.doctor;

import io.millrace.model.spec.NetworkSpec;
import io.millrace.topology.config.ImageConfig;
import io.millrace.topology.decode.Decoded;
import io.millrace.topology.decode.ImageDecoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Whether the newest images are records that the network can learn from. */
final class ImagesCheck implements Check {

  private static final int NEWEST = 50;
  private static final Duration POLL = Duration.ofMillis(500);
  private static final int POLLS = 6;
  private static final int TIMEOUT_MS = 5_000;

  private final Map<String, String> client;
  private final String topic;
  private final NetworkSpec network;
  private final ImageConfig images;

  ImagesCheck(Map<String, String> client, String topic, NetworkSpec network, ImageConfig images) {
    this.client = client;
    this.topic = topic;
    this.network = network;
    this.images = images;
  }

  @Override
  public String subject() {
    return "images";
  }

  @Override
  public List<Finding> look() {
    List<ConsumerRecord<byte[], byte[]>> records;
    try {
      records = newest();
    } catch (AuthorizationException e) {
      return List.of(unknown(topic + ": may not be read"));
    } catch (TimeoutException e) {
      return List.of(unknown(topic + ": no answer in time"));
    }
    if (records.isEmpty()) {
      return List.of(
          unknown(topic + " has no record that can be read yet; ./millrace produce sends some"));
    }
    ImageDecoder decoder = new ImageDecoder(network, images);
    int rejected = 0;
    String example = "";
    for (ConsumerRecord<byte[], byte[]> record : records) {
      if (decoder.decode(record.value()) instanceof Decoded.Rejected reason) {
        rejected++;
        example = "offset " + record.offset() + ": " + reason.reason() + ": " + reason.message();
      }
    }
    String all = "the newest " + records.size() + " of " + topic;
    if (rejected == 0) {
      return List.of(fine(all + " fit network " + network.name() + " " + network.input()));
    }
    String found = rejected + " of " + all + " become dead letters; " + example;
    String mend =
        "send images as network "
            + network.name()
            + " takes them ("
            + network.input()
            + ", labels below "
            + network.classes()
            + "; produce --size HxW --channels N scales), or set another network";
    return List.of(rejected == records.size() ? fault(found, mend) : warning(found, mend));
  }

  private List<ConsumerRecord<byte[], byte[]>> newest() {
    Map<String, Object> properties = new HashMap<>(client);
    properties.put("isolation.level", "read_committed");
    properties.put("enable.auto.commit", false);
    properties.put("auto.offset.reset", "earliest");
    properties.put("allow.auto.create.topics", false);
    properties.put("default.api.timeout.ms", TIMEOUT_MS);
    TopicPartition partition = new TopicPartition(topic, 0);
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
      long first = consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
      consumer.seek(partition, Math.max(first, end - NEWEST));
      for (int poll = 0; poll < POLLS && consumer.position(partition) < end; poll++) {
        consumer.poll(POLL).forEach(records::add);
      }
    }
    return records;
  }
}
