package io.millrace.topology.labels;

import io.millrace.ImageLabel;
import io.millrace.UnlabeledImage;
import io.millrace.schemas.AvroCodec;
import io.millrace.schemas.InvalidRecordException;
import io.millrace.topology.decode.Decoded;
import java.util.function.BiFunction;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** Reads a record once, for its time and for the join; never throws for what a record may hold. */
final class ArrivalDeserializer<T extends SpecificRecord> implements Deserializer<Arrival> {

  private final AvroCodec<T> codec;
  private final BiFunction<T, byte[], Arrival> usable;

  private ArrivalDeserializer(
      AvroCodec<T> codec, int maxBytes, BiFunction<T, byte[], Arrival> usable) {
    this.codec = codec.withMaxBytes(Math.max(AvroCodec.HEADER_BYTES + 1, maxBytes));
    this.usable = usable;
  }

  static Deserializer<Arrival> images(int maxBytes) {
    return new ArrivalDeserializer<>(
        AvroCodec.of(UnlabeledImage.class), maxBytes, Arrival.Image::new);
  }

  static Deserializer<Arrival> labels(int maxBytes) {
    return new ArrivalDeserializer<>(AvroCodec.of(ImageLabel.class), maxBytes, Arrival.Label::new);
  }

  @Override
  public Arrival deserialize(String topic, byte @Nullable [] value) {
    try {
      T record = codec.decode(value);
      return usable.apply(record, value == null ? new byte[0] : value);
    } catch (InvalidRecordException e) {
      return new Arrival.Unusable(
          new Decoded.Rejected(e.reason(), String.valueOf(e.getMessage())), value);
    }
  }
}
