package io.millrace.app.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds the image and label files of a split in a folder, by the names that the MNIST family uses:
 * {@code train-images-idx3-ubyte}, {@code t10k-labels.idx1-ubyte.gz}, {@code
 * emnist-letters-test-images-idx3-ubyte}.
 */
final class IdxFolder {
  private static final Pattern NAME =
      Pattern.compile(
          "(?<set>.*-)?(?<split>train|t10k|test)-images(?<rest>[-.]idx3-ubyte(\\.gz)?)");

  /** An image file and its label file. */
  record Pair(Path images, Path labels) {}

  private IdxFolder() {}

  /** Whether a folder has images of either split. */
  static boolean looksLike(Path folder) {
    return Listing.of(folder).stream()
        .anyMatch(file -> NAME.matcher(file.getFileName().toString()).matches());
  }

  /** The files of a split; a plain file comes before its gz. */
  static Pair find(Path folder, Split split) {
    List<Path> found = new ArrayList<>();
    for (Path file : Listing.of(folder)) {
      Matcher name = NAME.matcher(file.getFileName().toString());
      if (name.matches() && name.group("split").equals("train") == (split == Split.TRAIN)) {
        Path plain = folder.resolve(file.getFileName().toString().replaceAll("\\.gz$", ""));
        if (!found.contains(plain)) { // which is listed before its gz
          found.add(file);
        }
      }
    }
    if (found.size() != 1) {
      throw new DataException(
          "%s: expected one %s-images-idx3-ubyte file, plain or .gz, got %s; name the files as in idx:IMAGES,LABELS"
              .formatted(
                  folder,
                  split == Split.TRAIN ? "train" : "t10k",
                  found.isEmpty() ? "none" : found.stream().map(Path::getFileName).toList()));
    }
    return new Pair(found.getFirst(), labelsOf(found.getFirst()));
  }

  /** The label file that belongs to an image file: beside it, plain or gz. */
  static Path labelsOf(Path images) {
    String name = images.getFileName().toString();
    String plain =
        name.replace("images", "labels").replace("idx3", "idx1").replaceAll("\\.gz$", "");
    Optional<Path> found =
        Stream.of(plain, plain + ".gz")
            .map(images::resolveSibling)
            .filter(Files::isRegularFile)
            .findFirst();
    return found
        .filter(file -> !file.equals(images))
        .orElseThrow(() ->
            new DataException(
                images
                    + ": expected its labels beside it as "
                    + plain
                    + " or "
                    + plain
                    + ".gz, got neither; name both files as in idx:IMAGES,LABELS"));
  }
}
