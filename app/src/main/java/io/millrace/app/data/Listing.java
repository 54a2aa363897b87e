package io.millrace.app.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The entries of a folder in an order that does not depend on the file system. */
final class Listing {
  private Listing() {}

  /** Entries that are not hidden, by name in UTF-16 order. */
  static List<Path> of(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new DataException(
          folder
              + ": expected a folder, got "
              + (Files.exists(folder) ? "a file" : "nothing there")
              + "; check the path");
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(entry -> !entry.getFileName().toString().startsWith("."))
          .sorted(Comparator.comparing(entry -> entry.getFileName().toString()))
          .toList();
    } catch (IOException e) {
      throw DataException.unreadable(folder, e);
    }
  }
}
