package io.millrace.app.data;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A folder with one sub-folder for each class: sub-folders sorted by name give the labels 0, 1, ...
 * and every PNG or JPEG file below one, at any depth, is an image of its class. Ids are paths from
 * the folder, with {@code /}. Other files and hidden ones are left out.
 */
public final class FolderSource implements ImageSource {
  /** Names that are parts of a data set and not classes: taken as classes they would be a trap. */
  private static final Set<String> SPLIT_NAMES = Set.of("train", "test", "val", "valid", "dev");

  private record Entry(Path file, int label) {}

  private final Path folder;
  private final List<String> classNames;
  private final List<Entry> entries;

  private FolderSource(Path folder, List<String> classNames, List<Entry> entries) {
    this.folder = folder;
    this.classNames = List.copyOf(classNames);
    this.entries = List.copyOf(entries);
  }

  public static FolderSource open(Path folder) {
    List<Path> classFolders = Listing.of(folder).stream().filter(Files::isDirectory).toList();
    if (classFolders.isEmpty()) {
      throw new DataException(
          folder + ": expected a sub-folder for each class, got none; put images in <class>/");
    }
    List<String> names = classFolders.stream().map(f -> f.getFileName().toString()).toList();
    if (SPLIT_NAMES.containsAll(names)) {
      throw new DataException(
          folder
              + ": expected a sub-folder for each class, got the parts "
              + names
              + " of a data set; name one of them, as in folder:"
              + folder
              + ":train");
    }
    List<Entry> entries = new ArrayList<>();
    for (int label = 0; label < classFolders.size(); label++) {
      Path classFolder = classFolders.get(label);
      int before = entries.size();
      collect(classFolder, label, entries);
      if (entries.size() == before) {
        throw new DataException(
            classFolder
                + ": expected at least one PNG or JPEG file of this class, got none; add images or"
                + " remove the folder");
      }
    }
    return new FolderSource(folder, names, entries);
  }

  private static void collect(Path classFolder, int label, List<Entry> entries) {
    try (Stream<Path> files = Files.walk(classFolder, FileVisitOption.FOLLOW_LINKS)) {
      files
          .filter(ImageFiles::hasImageName)
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .filter(Files::isRegularFile)
          .sorted(Comparator.comparing(Path::toString))
          .forEach(file -> entries.add(new Entry(file, label)));
    } catch (IOException e) {
      throw DataException.unreadable(classFolder, e);
    } catch (java.io.UncheckedIOException e) { // a loop of links, or a folder that cannot be read
      throw new DataException(
          classFolder
              + ": expected folders that can be read, got "
              + e.getMessage()
              + "; check links and permissions",
          e);
    }
  }

  @Override
  public String description() {
    return "images of " + classNames.size() + " classes in " + folder;
  }

  @Override
  public List<String> classNames() {
    return classNames;
  }

  @Override
  public int size() {
    return entries.size();
  }

  @Override
  public String id(int index) {
    Path file = entries.get(index).file();
    return folder.relativize(file).toString().replace(File.separatorChar, '/');
  }

  @Override
  public SourceImage image(int index) {
    Entry entry = entries.get(index);
    return ImageFiles.read(entry.file(), id(index), entry.label());
  }
}
