package io.millrace.topology.decode;

import io.millrace.LabeledImage;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.tensor.Shape;
import io.millrace.schemas.AvroCodec;
import io.millrace.schemas.DeadLetterReason;
import io.millrace.schemas.InvalidRecordException;
import io.millrace.topology.config.ImageConfig;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Decodes and checks one record against the network that is to learn from it. */
public final class ImageDecoder {

  private final AvroCodec<LabeledImage> codec = AvroCodec.of(LabeledImage.class);
  private final Shape input;
  private final int classes;
  private final int maxRecordBytes;
  private final PictureDecoder pictures;

  public ImageDecoder(NetworkSpec network, ImageConfig images) {
    this.input = network.input();
    this.classes = network.classes();
    this.maxRecordBytes = images.maxRecordBytes();
    this.pictures = new PictureDecoder(input, images.maxPixels());
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
    ByteBuffer buffer = image.getData();
    byte[] data = new byte[buffer.remaining()];
    buffer.get(data);
    byte[] pixels =
        switch (image.getEncoding()) {
          case RAW -> raw(image, data);
          case PNG -> pictures.png(data);
          case JPEG -> pictures.jpeg(data);
          case UNKNOWN ->
              throw new RejectedException(
                  DeadLetterReason.UNSUPPORTED_ENCODING,
                  "expected RAW, PNG or JPEG, got an encoding that is newer than this program");
        };
    return new Decoded.Accepted(
        image.getId(), label, pixels, image.getEventTimeMs().orElse(-1L), image.getHeldOut());
  }

  private byte[] raw(LabeledImage image, byte[] data) throws RejectedException {
    if (image.getChannels() != input.extent(0)
        || image.getHeight() != input.extent(1)
        || image.getWidth() != input.extent(2)) {
      throw new RejectedException(
          DeadLetterReason.WRONG_SHAPE,
          String.format(
              "RAW: expected %s (channels, height, width), got [%d, %d, %d]",
              input, image.getChannels(), image.getHeight(), image.getWidth()));
    }
    if (data.length != input.elements()) {
      throw new RejectedException(
          DeadLetterReason.WRONG_SHAPE,
          "RAW: expected " + input.elements() + " bytes for " + input + ", got " + data.length);
    }
    return data;
  }
}
