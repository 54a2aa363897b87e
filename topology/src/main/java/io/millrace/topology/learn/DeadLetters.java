package io.millrace.topology.learn;

import io.millrace.ImageEncoding;
import io.millrace.LabeledImage;
import io.millrace.model.tensor.Shape;
import io.millrace.schemas.AvroCodec;
import io.millrace.schemas.DeadLetterReason;
import io.millrace.topology.decode.DeadLetterRecords;
import io.millrace.topology.decode.Decoded;
import io.millrace.topology.decode.DecodedImage;
import java.nio.ByteBuffer;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** Makes dead letters: what could not be used, and the reason in headers. */
final class DeadLetters {

  private static final AvroCodec<LabeledImage> IMAGES = AvroCodec.of(LabeledImage.class);

  private DeadLetters() {}

  /** A record's key and value as they came. */
  static Record<byte[], Object> record(
      Record<byte[], byte[]> record, RecordMetadata source, Decoded.Rejected rejected) {
    Record<byte[], byte[]> letter = DeadLetterRecords.of(record, source, rejected, "decode");
    return letter.withValue(letter.value());
  }

  /** An image of a refused minibatch, whose record is gone by then: its pixels, raw. */
  static KeyedBytes image(DecodedImage image, Shape shape, MinibatchGuard.Refusal refusal) {
    DeadLetterReason reason =
        switch (refusal.reason()) {
          case NOT_FINITE -> DeadLetterReason.NOT_FINITE;
          case EXPLODING -> DeadLetterReason.EXPLODING;
          case UNKNOWN -> throw new IllegalArgumentException("UNKNOWN is never written");
        };
    Headers headers = new RecordHeaders();
    Decoded.Rejected rejected = new Decoded.Rejected(reason, refusal.message());
    DeadLetterRecords.add(
        headers, rejected, "learn", image.topic(), image.partition(), image.offset());
    LabeledImage record =
        LabeledImage.newBuilder()
            .setId(image.id())
            .setLabel(image.label())
            .setEventTimeMs(image.eventTimeMs())
            .setEncoding(ImageEncoding.RAW)
            .setChannels(shape.extent(0))
            .setHeight(shape.extent(1))
            .setWidth(shape.extent(2))
            .setData(ByteBuffer.wrap(image.pixels()))
            .build();
    return KeyedBytes.of(image.id(), IMAGES.encode(record), headers);
  }
}
