package io.millrace.app.data;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A UTF-8 file with a line {@code path,label} for each image, with or without the heading {@code
 * path,label}; empty lines do not count. Paths are relative to the file and are the images' ids.
 *
 * <p>Labels are numbers from 0, or names. With a {@code classes.txt} beside the file, both are held
 * against it; without, names sorted give the labels 0, 1, ..., and numbers are their own names.
 */
public final class CsvSource implements ImageSource {
  /** A million images or so; all of their paths are kept in memory. */
  private static final int MAX_BYTES = 64 << 20;

  private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]+");

  private record Entry(String path, String label, int line) {}

  private final Path file;
  private final List<String> classNames;
  private final List<Entry> entries;
  private final int[] labels;

  private CsvSource(Path file, List<String> classNames, List<Entry> entries, int[] labels) {
    this.file = file;
    this.classNames = List.copyOf(classNames);
    this.entries = entries;
    this.labels = labels;
  }

  public static CsvSource open(Path file) {
    List<Entry> entries = read(file);
    if (entries.isEmpty()) {
      throw new DataException(file + ": expected a line path,label for each image, got none");
    }
    Optional<List<String>> listed = ClassNames.in(file.toAbsolutePath().resolveSibling(""));
    boolean numbers = entries.stream().allMatch(entry -> isNumber(entry.label()));
    int[] labels = new int[entries.size()];
    List<String> names;
    if (numbers) {
      int largest = numbered(file, entries, listed, labels);
      names = listed.orElse(ClassNames.numbers(largest + 1));
    } else {
      names = listed.orElse(distinct(file, entries));
      named(file, entries, names, labels);
    }
    return new CsvSource(file, names, entries, labels);
  }

  private static List<Entry> read(Path file) {
    List<String> lines = TextLines.read(file, MAX_BYTES);
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = i == 0 ? lines.get(i).replaceFirst("^\uFEFF", "") : lines.get(i);
      if (line.isBlank()) {
        continue;
      }
      List<String> fields = CsvLine.split(line, file, i + 1);
      if (fields.size() != 2 || fields.get(0).isEmpty() || fields.get(1).isEmpty()) {
        throw new DataException(
            file
                + ":"
                + (i + 1)
                + ": expected path,label, got "
                + fields.size()
                + " field(s): "
                + line);
      }
      boolean heading = entries.isEmpty() && fields.equals(List.of("path", "label"));
      if (!heading) {
        entries.add(new Entry(fields.get(0), fields.get(1), i + 1));
      }
    }
    return List.copyOf(entries);
  }

  private static boolean isNumber(String label) {
    return NUMBER.matcher(label).matches();
  }

  private static int numbered(
      Path file, List<Entry> entries, Optional<List<String>> listed, int[] labels) {
    int limit = listed.map(List::size).orElse(ClassNames.MAX);
    int largest = 0;
    for (int i = 0; i < labels.length; i++) {
      Entry entry = entries.get(i);
      // Nine digits cannot overflow; longer ones are out of range anyway.
      int label = entry.label().length() <= 9 ? Integer.parseInt(entry.label()) : -1;
      if (label < 0 || label >= limit) {
        throw new DataException(
            "%s:%d: expected a label from 0 to %d, got %s; correct the line"
                .formatted(file, entry.line(), limit - 1, entry.label()));
      }
      labels[i] = label;
      largest = Math.max(largest, label);
    }
    return largest;
  }

  private static List<String> distinct(Path file, List<Entry> entries) {
    TreeSet<String> names = new TreeSet<>();
    for (Entry entry : entries) {
      if (isNumber(entry.label())) {
        throw new DataException(
            "%s:%d: expected the name of a class as in other lines, got the number %s; use names or numbers throughout"
                .formatted(file, entry.line(), entry.label()));
      }
      names.add(entry.label());
    }
    return List.copyOf(names);
  }

  private static void named(Path file, List<Entry> entries, List<String> names, int[] labels) {
    Map<String, Integer> indexes = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      indexes.put(names.get(i), i);
    }
    for (int i = 0; i < labels.length; i++) {
      Entry entry = entries.get(i);
      Integer label = indexes.get(entry.label());
      if (label == null) {
        throw new DataException(
            "%s:%d: expected a class of %s, got '%s'; correct the line or add the class"
                .formatted(file, entry.line(), ClassNames.FILE, entry.label()));
      }
      labels[i] = label;
    }
  }

  @Override
  public String description() {
    return "images of " + classNames.size() + " classes listed in " + file;
  }

  @Override
  public List<String> classNames() {
    return classNames;
  }

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public String id(int index) {
    return entries.get(index).path();
  }

  @Override
  public SourceImage image(int index) {
    Entry entry = entries.get(index);
    Path image;
    try {
      image = file.toAbsolutePath().resolveSibling(entry.path());
    } catch (InvalidPathException e) {
      throw new DataException(
          file + ":" + entry.line() + ": expected a path, got " + e.getMessage(), e);
    }
    if (!Files.isRegularFile(image)) {
      throw new DataException(
          "%s:%d: expected an image file %s, got none there; correct the path"
              .formatted(file, entry.line(), image));
    }
    return ImageFiles.read(image, entry.path(), labels[index]);
  }
}
