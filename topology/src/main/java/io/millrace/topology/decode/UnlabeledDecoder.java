package io.millrace.topology.decode;

import io.millrace.UnlabeledImage;
import io.millrace.model.tensor.Shape;
import io.millrace.schemas.AvroCodec;
import io.millrace.schemas.InvalidRecordException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Decodes and checks one record against the input of the network that is to predict it. */
public final class UnlabeledDecoder {

  private static final AvroCodec<UnlabeledImage> CODEC = AvroCodec.of(UnlabeledImage.class);

  private final AvroCodec<UnlabeledImage> codec;
  private final PixelDecoder pixelDecoder;

  /**
   * A decoder for images of one shape.
   *
   * @param input channels, height and width
   * @param maxRecordBytes a larger record is rejected
   * @param maxPixels a picture whose header promises more is rejected before it is decoded
   */
  public UnlabeledDecoder(Shape input, int maxRecordBytes, int maxPixels) {
    this.codec = CODEC.withMaxBytes(Math.max(AvroCodec.HEADER_BYTES + 1, maxRecordBytes));
    this.pixelDecoder = new PixelDecoder(input, maxPixels);
  }

  /** An image, or why the value is none; never throws for anything that a record may hold. */
  public DecodedUnlabeled decode(byte @Nullable [] value) {
    try {
      UnlabeledImage image = codec.decode(value);
      byte[] pixels =
          pixelDecoder.decode(
              image.getEncoding(),
              image.getChannels(),
              image.getHeight(),
              image.getWidth(),
              image.getData());
      OptionalLong time =
          image.getEventTimeMs().map(OptionalLong::of).orElseGet(OptionalLong::empty);
      return new DecodedUnlabeled.Accepted(image.getId(), pixels, time);
    } catch (InvalidRecordException e) {
      return new Decoded.Rejected(e.reason(), String.valueOf(e.getMessage()));
    } catch (RejectedException e) {
      return e.rejected();
    }
  }
}
