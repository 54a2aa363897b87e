package io.millrace.tests.support;

import io.millrace.ImageEncoding;
import io.millrace.LabeledImage;
import io.millrace.app.data.FashionMnist;
import io.millrace.app.data.ImageSource;
import io.millrace.app.data.SourceImage;
import io.millrace.app.data.Split;
import io.millrace.schemas.AvroCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Real images, the bundled sample of Fashion-MNIST, as records that are the same in every run. */
public final class Images {

  public static final int SIDE = 28;
  public static final int CLASSES = 10;

  /**
   * Kafka's timestamp of the first record, in milliseconds; the others follow at 1 ms each. One for
   * all runs of a test, and recent, because brokers delete what looks older than a week.
   */
  private static final long FIRST_TIMESTAMP_MS = System.currentTimeMillis();

  private static final AvroCodec<LabeledImage> CODEC = AvroCodec.of(LabeledImage.class);
  private static final ImageSource TRAINING = FashionMnist.sample(Split.TRAIN);

  private Images() {}

  /** Training images {@code from} (inclusive) to {@code to} (exclusive) as records of a topic. */
  public static List<ProducerRecord<byte[], byte[]>> records(String topic, int from, int to) {
    return IntStream.range(from, to).mapToObj(index -> record(topic, index)).toList();
  }

  private static ProducerRecord<byte[], byte[]> record(String topic, int index) {
    LabeledImage image = image(index);
    return new ProducerRecord<>(
        topic,
        0,
        FIRST_TIMESTAMP_MS + index,
        image.getId().getBytes(StandardCharsets.UTF_8),
        CODEC.encode(image));
  }

  /** Training image {@code index}, raw. */
  public static LabeledImage image(int index) {
    SourceImage source = TRAINING.image(index);
    return LabeledImage.newBuilder()
        .setId(source.id())
        .setLabel(source.label())
        .setEncoding(ImageEncoding.RAW)
        .setChannels(source.channels())
        .setHeight(source.height())
        .setWidth(source.width())
        .setData(ByteBuffer.wrap(source.data()))
        .build();
  }

  /** The pixels of training image {@code index}: rows from the top, a byte each. */
  public static byte[] pixels(int index) {
    return TRAINING.image(index).data();
  }

  public static byte[] encode(LabeledImage image) {
    return CODEC.encode(image);
  }
}
