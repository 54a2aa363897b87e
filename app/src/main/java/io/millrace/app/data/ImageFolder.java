package io.millrace.app.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** Writes a source as the picture files that {@link FolderSource} reads. */
public final class ImageFolder {

  /** The kinds of picture files. */
  public enum Format {
    /** Every pixel as it was. */
    PNG,
    /** Smaller and not exact, in the JDK's default quality. */
    JPEG
  }

  private static final Pattern NOT_IN_A_NAME = Pattern.compile("[^\\p{L}\\p{N}._-]+");

  private ImageFolder() {}

  /**
   * Writes the first images of a source, each to {@code folder/class/id.ending}. An image that is a
   * picture file already is copied as it is, whatever {@code format} says.
   *
   * @param most images at the most
   * @return how many were written
   * @throws DataException if the folder is not empty or cannot be written
   */
  public static int write(ImageSource source, int most, Path folder, Format format) {
    try {
      List<Path> classFolders = classFolders(source.classNames(), folder);
      int count = Math.min(most, source.size());
      for (int i = 0; i < count; i++) {
        SourceImage image = source.image(i);
        String ending =
            (image.encoding() == SourceImage.Encoding.RAW ? format : image.encoding())
                .name()
                .toLowerCase(Locale.ROOT);
        Files.write(
            classFolders.get(image.label()).resolve(fileName(image.id()) + "." + ending),
            encode(image, format),
            StandardOpenOption.CREATE_NEW);
      }
      return count;
    } catch (IOException e) {
      throw new DataException(
          folder + ": expected a folder that can be written, got " + e + "; choose another", e);
    }
  }

  private static List<Path> classFolders(List<String> classNames, Path folder) throws IOException {
    Files.createDirectories(folder);
    try (Stream<Path> present = Files.list(folder)) {
      if (present.findAny().isPresent()) {
        throw new DataException(
            folder
                + ": expected a folder that is missing or empty, got one with files; choose another");
      }
    }
    List<Path> folders = classNames.stream().map(name -> folder.resolve(fileName(name))).toList();
    Set<Path> different = new HashSet<>(folders);
    if (different.size() < folders.size()) {
      throw new DataException(
          "classes " + classNames + ": expected names that differ as names of folders");
    }
    for (Path each : folders) {
      Files.createDirectory(each);
    }
    return folders;
  }

  /** Without its ending, and with nothing that a file system takes for more than a name. */
  private static String fileName(String id) {
    String stem = id.replaceFirst("\\.(?i:png|jpe?g)$", "");
    String name = NOT_IN_A_NAME.matcher(stem).replaceAll("-");
    return name.startsWith(".") ? "-" + name.substring(1) : name;
  }

  private static byte[] encode(SourceImage image, Format format) throws IOException {
    if (image.encoding() != SourceImage.Encoding.RAW) {
      return image.data();
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    if (!ImageIO.write(picture(image), format.name().toLowerCase(Locale.ROOT), bytes)) {
      throw new IOException("this JDK has no writer of " + format);
    }
    return bytes.toByteArray();
  }

  /** [c][h][w] as a picture: 1 plane gray, 3 planes red, green and blue. */
  private static BufferedImage picture(SourceImage image) {
    int plane = image.height() * image.width();
    boolean gray = image.channels() == 1;
    BufferedImage picture =
        new BufferedImage(
            image.width(),
            image.height(),
            gray ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
    byte[] data = image.data();
    for (int p = 0; p < plane; p++) {
      int x = p % image.width();
      int y = p / image.width();
      if (gray) {
        picture.getRaster().setSample(x, y, 0, data[p] & 0xff);
      } else {
        for (int c = 0; c < 3; c++) {
          picture.getRaster().setSample(x, y, c, data[c * plane + p] & 0xff);
        }
      }
    }
    return picture;
  }
}
