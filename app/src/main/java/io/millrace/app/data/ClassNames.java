package io.millrace.app.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Names for labels: from a file {@code classes.txt}, one a line, or the numbers themselves. */
final class ClassNames {
  static final String FILE = "classes.txt";

  /** More classes than any known set has; a label beyond is damage, not data. */
  static final int MAX = 100_000;

  private static final int MAX_BYTES = 16 << 20;

  private ClassNames() {}

  /** The names in {@code classes.txt} of this folder, if there is one. */
  static Optional<List<String>> in(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    List<String> names =
        TextLines.read(file, MAX_BYTES).stream()
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .toList();
    if (names.isEmpty() || names.size() > MAX) {
      throw new DataException(
          file
              + ": expected a class name in each line, 1 to "
              + MAX
              + ", got "
              + names.size()
              + "; correct or delete the file");
    }
    return Optional.of(names);
  }

  /** {@code "0", "1", ...}. */
  static List<String> numbers(int count) {
    return IntStream.range(0, count).mapToObj(Integer::toString).toList();
  }
}
