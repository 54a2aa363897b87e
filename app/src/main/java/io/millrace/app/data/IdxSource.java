package io.millrace.app.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Gray images of the MNIST family: an IDX file of images [n, height, width] and one of labels [n].
 *
 * <p>Ids are {@code <split>-<index, 6 digits>}.
 */
public final class IdxSource implements ImageSource {
  private final String description;
  private final String idPrefix;
  private final List<String> classNames;
  private final IdxFile images;
  private final byte[] labels;

  private IdxSource(
      String description, String idPrefix, List<String> classNames, IdxFile images, byte[] labels) {
    this.description = description;
    this.idPrefix = idPrefix;
    this.classNames = List.copyOf(classNames);
    this.images = images;
    this.labels = labels;
  }

  /**
   * Opens a pair of files, each plain or gz.
   *
   * @param classNames names of the classes; empty takes {@code classes.txt} beside the images, else
   *     numbers up to the largest label
   */
  public static IdxSource open(
      Path imageFile, Path labelFile, Split split, Optional<List<String>> classNames) {
    Optional<List<String>> names =
        classNames.or(() -> ClassNames.in(imageFile.toAbsolutePath().resolveSibling("")));
    IdxFile images = IdxFile.open(imageFile, 3);
    try (IdxFile labels = IdxFile.open(labelFile, 1)) {
      return of(imageFile.toString(), split, names, images, labels);
    } catch (DataException e) {
      images.close();
      throw e;
    }
  }

  /** Joins images and labels, and checks that they belong together. */
  static IdxSource of(
      String description,
      Split split,
      Optional<List<String>> classNames,
      IdxFile images,
      IdxFile labelFile) {
    if (images.count() != labelFile.count()) {
      throw new DataException(
          "%s: offset 4: expected %d labels, as many as %s has images, got %d; take both files from the same set"
              .formatted(labelFile.name(), images.count(), images.name(), labelFile.count()));
    }
    byte[] labels = labelFile.all();
    int largest = 0;
    for (int i = 0; i < labels.length; i++) {
      int label = labels[i] & 0xff;
      largest = Math.max(largest, label);
      if (classNames.isPresent() && label >= classNames.get().size()) {
        throw new DataException(
            "%s: offset %d: expected a label from 0 to %d, got %d; the file is damaged or of another set"
                .formatted(labelFile.name(), 8 + i, classNames.get().size() - 1, label));
      }
    }
    List<String> names = classNames.orElse(ClassNames.numbers(largest + 1));
    return new IdxSource(description, split.text() + "-", names, images, labels);
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public List<String> classNames() {
    return classNames;
  }

  @Override
  public int size() {
    return labels.length;
  }

  /** Label of an image, without reading the image. */
  public int label(int index) {
    return labels[index] & 0xff;
  }

  @Override
  public String id(int index) {
    return idPrefix + "%06d".formatted(index);
  }

  @Override
  public SourceImage image(int index) {
    return new SourceImage(
        id(index),
        label(index),
        SourceImage.Encoding.RAW,
        1,
        images.size(1),
        images.size(2),
        images.item(index));
  }

  @Override
  public void close() {
    images.close();
  }
}
