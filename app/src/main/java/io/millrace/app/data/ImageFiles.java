package io.millrace.app.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Image files, passed on as they are after a look at their header. */
final class ImageFiles {
  /** Far above what a broker takes in one record by default (1 MB). */
  static final int MAX_BYTES = 16 << 20;

  private ImageFiles() {}

  /** Whether a name ends as PNG and JPEG files do. */
  static boolean hasImageName(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".png") || name.endsWith(".jpg") || name.endsWith(".jpeg");
  }

  static SourceImage read(Path file, String id, int label) {
    byte[] data;
    try (InputStream in = Files.newInputStream(file)) {
      data = in.readNBytes(MAX_BYTES + 1);
    } catch (IOException e) {
      throw DataException.unreadable(file, e);
    }
    if (data.length > MAX_BYTES) {
      throw new DataException(
          file
              + ": expected an image file of at most "
              + MAX_BYTES
              + " bytes, got more; scale it down");
    }
    ImageHeader header = ImageHeader.read(data, file.toString());
    return new SourceImage(
        id, label, header.encoding(), header.channels(), header.height(), header.width(), data);
  }
}
