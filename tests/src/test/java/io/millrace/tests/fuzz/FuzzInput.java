package io.millrace.tests.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * An input with the target that it is for, as a file: some lines of text that say what it is and
 * how to run it again, an empty line, and the bytes.
 */
record FuzzInput(String target, byte[] bytes) {
  private static final String FIRST_LINE = "millrace fuzz input";
  private static final String TARGET = "target: ";
  private static final byte[] EMPTY_LINE = {'\n', '\n'};

  /** The file's content; {@code about} may have several lines, none of them empty. */
  byte[] toFile(String about) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String head = FIRST_LINE + "\n" + TARGET + target + "\n" + about.strip();
    out.writeBytes(head.replaceAll("\n+", "\n").getBytes(StandardCharsets.UTF_8));
    out.writeBytes(EMPTY_LINE);
    out.writeBytes(bytes);
    return out.toByteArray();
  }

  /** Reads a file that {@link #toFile} made. */
  static FuzzInput read(Path file) {
    byte[] content;
    try {
      content = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be read", e);
    }
    int end = 0;
    while (end + 1 < content.length && (content[end] != '\n' || content[end + 1] != '\n')) {
      end++;
    }
    String[] head = new String(content, 0, end, StandardCharsets.UTF_8).split("\n", -1);
    if (head.length < 2 || !head[0].equals(FIRST_LINE) || !head[1].startsWith(TARGET)) {
      throw new IllegalArgumentException(
          file + ": expected the lines '" + FIRST_LINE + "' and '" + TARGET + "...' at its start");
    }
    int from = Math.min(end + EMPTY_LINE.length, content.length);
    return new FuzzInput(
        head[1].substring(TARGET.length()), Arrays.copyOfRange(content, from, content.length));
  }
}
