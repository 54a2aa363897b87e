package io.millrace.topology.decode;

import io.millrace.ImageEncoding;
import io.millrace.model.tensor.Shape;
import io.millrace.schemas.DeadLetterReason;
import java.nio.ByteBuffer;

/** The bytes of an image, however encoded, to the pixels that a network takes. */
final class PixelDecoder {

  private final Shape input;
  private final PictureDecoder pictures;

  PixelDecoder(Shape input, int maxPixels) {
    this.input = input;
    this.pictures = new PictureDecoder(input, maxPixels);
  }

  /**
   * Unsigned bytes in [channel][height][width] order.
   *
   * @param channels with height and width what the record says of RAW bytes; ignored otherwise
   */
  byte[] decode(ImageEncoding encoding, int channels, int height, int width, ByteBuffer bytes)
      throws RejectedException {
    byte[] data = new byte[bytes.remaining()];
    bytes.get(bytes.position(), data);
    return switch (encoding) {
      case RAW -> raw(channels, height, width, data);
      case PNG -> pictures.png(data);
      case JPEG -> pictures.jpeg(data);
      case UNKNOWN ->
          throw new RejectedException(
              DeadLetterReason.UNSUPPORTED_ENCODING,
              "expected RAW, PNG or JPEG, got an encoding that is newer than this program");
    };
  }

  private byte[] raw(int channels, int height, int width, byte[] data) throws RejectedException {
    if (channels != input.extent(0) || height != input.extent(1) || width != input.extent(2)) {
      throw new RejectedException(
          DeadLetterReason.WRONG_SHAPE,
          String.format(
              "RAW: expected %s (channels, height, width), got [%d, %d, %d]",
              input, channels, height, width));
    }
    if (data.length != input.elements()) {
      throw new RejectedException(
          DeadLetterReason.WRONG_SHAPE,
          "RAW: expected " + input.elements() + " bytes for " + input + ", got " + data.length);
    }
    return data;
  }
}
