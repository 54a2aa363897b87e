package io.millrace.app.data;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * What the first bytes of a PNG or JPEG file say, read without decoding the image. The file's name
 * does not matter, its bytes do.
 *
 * @param channels 1 for gray, 3 for colour; transparency is not counted
 */
record ImageHeader(SourceImage.Encoding encoding, int channels, int height, int width) {
  private static final long PNG_MAGIC = 0x89504E470D0A1A0AL;
  private static final int IHDR = 0x49484452;

  /**
   * Reads the header.
   *
   * @param name the file, for the message
   * @throws DataException if the bytes are neither PNG nor JPEG, or end within the header
   */
  static ImageHeader read(byte[] data, String name) {
    ByteBuffer in = ByteBuffer.wrap(data);
    if (data.length >= 8 && in.getLong(0) == PNG_MAGIC) {
      return png(in, name);
    }
    if (data.length >= 2 && (in.getShort(0) & 0xffff) == 0xFFD8) {
      return jpeg(in, name);
    }
    throw damaged(name, 0, "the first bytes of a PNG or JPEG", in);
  }

  private static ImageHeader png(ByteBuffer in, String name) {
    if (in.limit() < 33 || in.getInt(8) != 13 || in.getInt(12) != IHDR) {
      throw damaged(name, 8, "a PNG header IHDR of 13 bytes", in);
    }
    int type = in.get(25);
    boolean gray = type == 0 || type == 4;
    return checked(
        SourceImage.Encoding.PNG, gray ? 1 : 3, in.getInt(20), in.getInt(16), name, 16, in);
  }

  private static ImageHeader jpeg(ByteBuffer in, String name) {
    int at = 2;
    while (at + 4 <= in.limit()) {
      int marker = in.getShort(at) & 0xffff;
      if (marker == 0xFFFF) { // a fill byte
        at++;
        continue;
      }
      int length = in.getShort(at + 2) & 0xffff;
      if (marker < 0xFFC0 || length < 2) {
        throw damaged(name, at, "a JPEG segment", in);
      }
      // SOF0 to SOF15, but for the tables DHT, JPG and DAC in between.
      if (marker <= 0xFFCF && marker != 0xFFC4 && marker != 0xFFC8 && marker != 0xFFCC) {
        if (at + 10 > in.limit()) {
          break;
        }
        int height = in.getShort(at + 5) & 0xffff;
        int width = in.getShort(at + 7) & 0xffff;
        int channels = in.get(at + 9) == 1 ? 1 : 3;
        return checked(SourceImage.Encoding.JPEG, channels, height, width, name, at, in);
      }
      at += 2 + length;
    }
    throw damaged(name, in.limit(), "a JPEG frame header", in);
  }

  private static ImageHeader checked(
      SourceImage.Encoding encoding,
      int channels,
      int height,
      int width,
      String name,
      int offset,
      ByteBuffer in) {
    if (height < 1 || width < 1) {
      throw damaged(name, offset, "an image of at least 1 x 1", in);
    }
    return new ImageHeader(encoding, channels, height, width);
  }

  private static DataException damaged(String name, int offset, String expected, ByteBuffer in) {
    byte[] found = new byte[Math.clamp(in.limit() - offset, 0, 8)];
    in.get(offset, found);
    String got =
        found.length == 0
            ? "the end of the file"
            : "bytes " + HexFormat.of().withDelimiter(" ").formatHex(found);
    return new DataException(
        name
            + ": offset "
            + offset
            + ": expected "
            + expected
            + ", got "
            + got
            + "; replace or remove the file");
  }
}
