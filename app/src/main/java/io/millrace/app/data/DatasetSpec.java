package io.millrace.app.data;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A data set as it is named on the command line.
 *
 * <pre>
 * fashion-mnist[:train|test]          the whole set if it is on the machine, else the sample
 * fashion-mnist-sample[:train|test]   the sample in this program
 * idx:FOLDER[:train|test]             the MNIST family, plain or gz
 * idx:IMAGES,LABELS                   two IDX files
 * cifar10:FOLDER[:train|test]         CIFAR-10, binary version
 * folder:FOLDER[:NAME]                a sub-folder for each class; NAME is a sub-folder of FOLDER
 * csv:FILE                            lines of path,label
 * PATH[:train|test]                   one of the above, by what is there
 * </pre>
 *
 * @param format which of the formats
 * @param location folder, file, or pair of files; empty for the two that have none
 * @param part what stands behind the last colon: {@code train}, {@code test}, or for {@code folder}
 *     any name
 */
public record DatasetSpec(Format format, String location, Optional<String> part) {

  /** The formats, and how they are written. */
  public enum Format {
    FASHION_MNIST("fashion-mnist"),
    FASHION_MNIST_SAMPLE("fashion-mnist-sample"),
    IDX("idx"),
    CIFAR10("cifar10"),
    FOLDER("folder"),
    CSV("csv");

    private final String text;

    Format(String text) {
      this.text = text;
    }
  }

  public static final String SYNTAX =
      "fashion-mnist[:train|test], idx:FOLDER[:train|test], idx:IMAGES,LABELS,"
          + " cifar10:FOLDER[:train|test], folder:FOLDER[:NAME], csv:FILE, or a path";

  /**
   * Parses a data set's name; looks at the file system only for a bare path.
   *
   * @throws DataException if it has none of the forms above
   */
  public static DatasetSpec parse(String text) {
    for (Format format : Format.values()) {
      if (text.equals(format.text)) {
        return of(text, format, "", Optional.empty());
      }
      if (text.startsWith(format.text + ":")) {
        return parse(text, format, text.substring(format.text.length() + 1));
      }
    }
    return detect(text);
  }

  private static DatasetSpec parse(String text, Format format, String rest) {
    if (format == Format.FASHION_MNIST || format == Format.FASHION_MNIST_SAMPLE) {
      return of(text, format, "", Optional.of(rest));
    }
    int colon = rest.lastIndexOf(':');
    boolean split = rest.endsWith(":train") || rest.endsWith(":test");
    // A folder that has the whole text as its name is that folder, and no sub-folder.
    boolean subFolder = format == Format.FOLDER && colon > 1 && !Files.isDirectory(path(rest));
    if (split || subFolder) {
      return of(text, format, rest.substring(0, colon), Optional.of(rest.substring(colon + 1)));
    }
    return of(text, format, rest, Optional.empty());
  }

  private static DatasetSpec of(
      String text, Format format, String location, Optional<String> part) {
    boolean named = format == Format.FASHION_MNIST || format == Format.FASHION_MNIST_SAMPLE;
    boolean knownPart =
        part.isEmpty()
            || format == Format.FOLDER
            || (format != Format.CSV && part.get().matches("train|test"));
    if ((!named && location.isBlank()) || !knownPart) {
      throw unknown(text, "something else");
    }
    return new DatasetSpec(format, location, part);
  }

  private static DatasetSpec detect(String text) {
    boolean split = text.endsWith(":train") || text.endsWith(":test");
    String location = split ? text.substring(0, text.lastIndexOf(':')) : text;
    Optional<String> part =
        split ? Optional.of(text.substring(location.length() + 1)) : Optional.empty();
    Path path = path(location);
    if (location.isBlank() || !Files.exists(path)) {
      throw unknown(text, "neither a known name nor an existing path");
    }
    if (Files.isDirectory(path)) {
      Format format =
          IdxFolder.looksLike(path)
              ? Format.IDX
              : Cifar10Source.looksLike(path) ? Format.CIFAR10 : Format.FOLDER;
      return new DatasetSpec(format, location, part);
    }
    String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
    if (!split && name.endsWith(".csv")) {
      return new DatasetSpec(Format.CSV, location, part);
    }
    if (!split && name.contains("images") && name.contains("idx3")) {
      return new DatasetSpec(
          Format.IDX, location + "," + IdxFolder.labelsOf(path), Optional.empty());
    }
    throw unknown(text, "a file that is neither .csv nor an IDX image file");
  }

  private static DataException unknown(String text, String got) {
    return new DataException("data set '" + text + "': expected " + SYNTAX + "; got " + got);
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw unknown(text, e.getMessage() == null ? "no path" : e.getMessage());
    }
  }

  /** The part as train or test; without one, training images. */
  public Split split() {
    return part.filter("test"::equals).isPresent() ? Split.TEST : Split.TRAIN;
  }

  /** Opens the source; Fashion-MNIST is looked for in its usual places. */
  public ImageSource open(Consumer<String> notice) {
    return open(FashionMnist.Options.standard(), notice);
  }

  /**
   * Opens the source.
   *
   * @param fashionMnist where to look for Fashion-MNIST
   * @param notice takes a line for the user, such as which Fashion-MNIST was found
   * @throws DataException if it is not there or damaged
   */
  public ImageSource open(FashionMnist.Options fashionMnist, Consumer<String> notice) {
    return switch (format) {
      case FASHION_MNIST -> FashionMnist.locate(fashionMnist, notice).open(split());
      case FASHION_MNIST_SAMPLE -> FashionMnist.sample(split());
      case IDX -> openIdx();
      case CIFAR10 -> Cifar10Source.open(path(location), split());
      case FOLDER -> FolderSource.open(part.map(path(location)::resolve).orElse(path(location)));
      case CSV -> CsvSource.open(path(location));
    };
  }

  private ImageSource openIdx() {
    int comma = location.indexOf(',');
    if (comma > 0 && !Files.exists(path(location))) {
      Path images = path(location.substring(0, comma));
      return IdxSource.open(images, path(location.substring(comma + 1)), split(), Optional.empty());
    }
    IdxFolder.Pair files = IdxFolder.find(path(location), split());
    return IdxSource.open(files.images(), files.labels(), split(), Optional.empty());
  }

  @Override
  public String toString() {
    return format.text
        + (location.isEmpty() ? "" : ":" + location)
        + part.map(p -> ":" + p).orElse("");
  }
}
