package io.millrace.benchmarks.topology;

import io.millrace.LabeledImage;
import io.millrace.app.data.ImageSource;
import io.millrace.app.produce.ImageRecords;
import io.millrace.benchmarks.engines.RealImages;
import io.millrace.schemas.AvroCodec;
import io.millrace.topology.config.LearnerConfig;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Images that go out at a steady rate, with the time at which each did. */
final class SentImages implements AutoCloseable {
  private final AvroCodec<LabeledImage> codec = AvroCodec.of(LabeledImage.class);
  private final ImageSource source;
  private final KafkaProducer<byte[], byte[]> producer;
  private final String topic;
  private final int rate;
  private final AtomicLongArray sentNanos;
  private int sent;

  /**
   * A producer of images.
   *
   * @param most images to be sent in all
   */
  SentImages(FreshnessRun.Plan plan, LearnerConfig config, int most) {
    source = RealImages.open(plan.where().dataset(), config.network().input());
    topic = config.topics().images();
    rate = plan.rate();
    sentNanos = new AtomicLongArray(most);
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", plan.where().servers(), "linger.ms", 0, "acks", "all"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** The pixels of one image. */
  byte[] pixels() {
    return source.image(0).data();
  }

  /**
   * Sends so many more; returns when the broker has all of them. The topic is empty before, and
   * nobody else writes to it, so that the offsets are 0, 1, 2, ...
   */
  void send(int count) {
    long start = System.nanoTime();
    int first = sent;
    for (sent = first; sent < first + count; sent++) {
      long due = start + (long) ((sent - first) * 1e9 / rate);
      for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
        LockSupport.parkNanos(wait);
      }
      long nowMs = System.currentTimeMillis();
      var image = source.image(sent % source.size());
      byte[] value = codec.encode(ImageRecords.of(image, nowMs));
      long nanos = System.nanoTime();
      var _ =
          producer.send(
              new ProducerRecord<>(
                  topic, 0, nowMs, image.id().getBytes(StandardCharsets.UTF_8), value),
              (metadata, fault) -> {
                if (fault == null) {
                  sentNanos.set((int) metadata.offset(), nanos);
                }
              });
    }
    producer.flush();
    for (int offset = first; offset < sent; offset++) {
      if (sentNanos.get(offset) == 0) {
        throw new IllegalStateException(
            topic + ": expected an image at offset " + offset + ", got none");
      }
    }
  }

  int sent() {
    return sent;
  }

  /**
   * When the image at this offset was handed to the producer, as {@link System#nanoTime} has it.
   */
  long sentNanos(int offset) {
    return sentNanos.get(offset);
  }

  @Override
  public void close() {
    producer.close();
    source.close();
  }
}
