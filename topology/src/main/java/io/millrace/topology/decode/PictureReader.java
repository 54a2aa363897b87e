package io.millrace.topology.decode;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads PNG and JPEG files that may be made to do harm. The reader is chosen by name, the size in
 * the header is judged before a pixel is decoded, text and profiles are not read, and a JPEG may
 * have only so many scans.
 */
public final class PictureReader {

  /** How a picture is encoded. */
  public enum Format {
    PNG,
    JPEG
  }

  /**
   * Judges the size that a header promises.
   *
   * @param <E> what it throws for a size that must not be decoded
   */
  @FunctionalInterface
  public interface SizeCheck<E extends Exception> {
    void check(int width, int height) throws E;
  }

  private final Format format;
  private final ImageReader reader;
  private @Nullable String warning;

  private PictureReader(Format format, ImageReader reader) {
    this.format = format;
    this.reader = reader;
  }

  /**
   * Decodes a picture.
   *
   * @throws IOException if the bytes are not a whole picture of this format
   * @throws E if {@code size} does
   */
  public static <E extends Exception> BufferedImage read(
      Format format, byte[] data, SizeCheck<E> size) throws IOException, E {
    if (format == Format.JPEG) {
      JpegScans.requireFew(data);
    }
    String name = format.name().toLowerCase(Locale.ROOT);
    PictureReader picture =
        new PictureReader(format, ImageIO.getImageReadersByFormatName(name).next());
    try (var stream = new MemoryCacheImageInputStream(new ByteArrayInputStream(data))) {
      return picture.decode(stream, size);
    } finally {
      picture.reader.dispose();
    }
  }

  private <E extends Exception> BufferedImage decode(
      MemoryCacheImageInputStream stream, SizeCheck<E> size) throws IOException, E {
    // Of a torn JPEG the reader only warns, and fills the rest with gray. The first warning tells
    // enough: a damaged file can bring one for every two of its bytes.
    reader.addIIOReadWarningListener((_, text) -> warning = warning == null ? text : warning);
    reader.setInput(stream, true, true);
    int width = decoded(() -> reader.getWidth(0));
    int height = decoded(() -> reader.getHeight(0));
    size.check(width, height);
    BufferedImage picture = decoded(() -> reader.read(0));
    if (warning != null) {
      throw new IOException("damaged " + format + ": " + warning);
    }
    return picture;
  }

  @FunctionalInterface
  private interface Step<T> {
    T run() throws IOException;
  }

  /** The JDK's readers answer a damaged picture with almost any unchecked exception. */
  private <T> T decoded(Step<T> step) throws IOException {
    try {
      return step.run();
    } catch (IOException | RuntimeException e) {
      throw new IOException("damaged " + format + ": " + e.getMessage(), e);
    }
  }
}
