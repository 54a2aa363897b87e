package io.millrace.app.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The lines of a file of UTF-8 text that is no larger than such a file has reason to be. */
final class TextLines {
  private TextLines() {}

  static List<String> read(Path file, int maxBytes) {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(maxBytes + 1);
    } catch (IOException e) {
      throw DataException.unreadable(file, e);
    }
    if (bytes.length > maxBytes) {
      throw new DataException(
          file + ": expected at most " + maxBytes + " bytes, got more; split it");
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes))
          .toString()
          .lines()
          .toList();
    } catch (CharacterCodingException e) {
      throw new DataException(file + ": expected text in UTF-8, got other bytes; convert it", e);
    }
  }
}
