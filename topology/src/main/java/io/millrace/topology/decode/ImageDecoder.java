package io.millrace.topology.decode;

import io.millrace.LabeledImage;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.schemas.AvroCodec;
import io.millrace.schemas.DeadLetterReason;
import io.millrace.schemas.InvalidRecordException;
import io.millrace.topology.config.ImageConfig;
import org.jspecify.annotations.Nullable;

/** Decodes and checks one record against the network that is to learn from it. */
public final class ImageDecoder {

  private final AvroCodec<LabeledImage> codec = AvroCodec.of(LabeledImage.class);
  private final int classes;
  private final int maxRecordBytes;
  private final PixelDecoder pixelDecoder;

  public ImageDecoder(NetworkSpec network, ImageConfig images) {
    this.classes = network.classes();
    this.maxRecordBytes = images.maxRecordBytes();
    this.pixelDecoder = new PixelDecoder(network.input(), images.maxPixels());
  }

  /** An image, or why the value is none; never throws for anything that a record may hold. */
  public Decoded decode(byte @Nullable [] value) {
    if (value == null || value.length == 0) {
      return new Decoded.Rejected(
          DeadLetterReason.EMPTY_RECORD, "expected a LabeledImage, got an empty value");
    }
    if (value.length > maxRecordBytes) {
      return new Decoded.Rejected(
          DeadLetterReason.TOO_LARGE,
          "expected at most " + maxRecordBytes + " bytes, got " + value.length);
    }
    try {
      LabeledImage image = codec.decode(value);
      return accept(image);
    } catch (InvalidRecordException e) {
      return new Decoded.Rejected(e.reason(), String.valueOf(e.getMessage()));
    } catch (RejectedException e) {
      return e.rejected();
    }
  }

  private Decoded accept(LabeledImage image) throws RejectedException {
    int label = image.getLabel();
    if (label < 0 || label >= classes) {
      throw new RejectedException(
          DeadLetterReason.LABEL_OUT_OF_RANGE,
          "expected a label of 0 to " + (classes - 1) + ", got " + label);
    }
    byte[] pixels =
        pixelDecoder.decode(
            image.getEncoding(),
            image.getChannels(),
            image.getHeight(),
            image.getWidth(),
            image.getData());
    return new Decoded.Accepted(
        image.getId(), label, pixels, image.getEventTimeMs().orElse(-1L), image.getHeldOut());
  }
}
