package io.millrace.app.data;

import static io.millrace.app.data.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFileSourcesTest {
  @TempDir private Path folder;

  @Test
  void subFoldersInOrderOfNamesAreTheClasses() throws IOException {
    Samples.image(folder.resolve("dog/b.PNG"), "png", 5, 7, true);
    Samples.image(folder.resolve("cat/deep/er/z.jpeg"), "jpg", 9, 11, false);
    Samples.image(folder.resolve("cat/a.jpg"), "png", 5, 7, false); // the bytes decide
    Samples.image(folder.resolve("cat/.hidden.png"), "png", 5, 7, false);
    Files.writeString(folder.resolve("cat/notes.txt"), "not an image");
    Files.writeString(folder.resolve("README"), "not a class");
    try (ImageSource source = DatasetSpec.parse(folder.toString()).open(line -> {})) {
      assertEquals(List.of("cat", "dog"), source.classNames());
      assertEquals(3, source.size());
      checkImage(source.image(0), "cat/a.jpg", 0, SourceImage.Encoding.PNG, 1, 5, 7);
      checkImage(source.image(1), "cat/deep/er/z.jpeg", 0, SourceImage.Encoding.JPEG, 1, 9, 11);
      checkImage(source.image(2), "dog/b.PNG", 1, SourceImage.Encoding.PNG, 3, 5, 7);
    }
  }

  private void checkImage(
      SourceImage image,
      String id,
      int label,
      SourceImage.Encoding encoding,
      int channels,
      int height,
      int width)
      throws IOException {
    assertEquals(id, image.id());
    assertEquals(label, image.label());
    assertEquals(encoding, image.encoding());
    assertEquals(
        List.of(channels, height, width), List.of(image.channels(), image.height(), image.width()));
    assertArrayEquals(Files.readAllBytes(folder.resolve(id)), image.data());
  }

  @Test
  void partOfFolderIsChosenByName() throws IOException {
    Samples.image(folder.resolve("train/cat/a.png"), "png", 5, 7, true);
    Samples.image(folder.resolve("val/cat/b.png"), "png", 5, 7, true);
    try (ImageSource source = DatasetSpec.parse("folder:" + folder + ":val").open(line -> {})) {
      assertEquals("cat/b.png", source.image(0).id());
    }
    assertRefused(
        DataException.class,
        () -> DatasetSpec.parse("folder:" + folder).open(line -> {}),
        "the parts [train, val]");
  }

  @Test
  void refusesFoldersWithoutClassesOrImages() throws IOException {
    assertRefused(
        DataException.class,
        () -> FolderSource.open(folder),
        folder.toString(),
        "sub-folder for each class, got none");
    Samples.image(folder.resolve("cat/a.png"), "png", 5, 7, true);
    Path empty = Files.createDirectory(folder.resolve("dog"));
    assertRefused(
        DataException.class, () -> FolderSource.open(folder), empty.toString(), "got none");
    assertRefused(
        DataException.class,
        () -> FolderSource.open(folder.resolve("absent")),
        "expected a folder, got nothing there");
  }

  @Test
  void refusesUnreadableImagesWithFileOffsetAndBytes() throws IOException {
    Path good = Samples.image(folder.resolve("good.png"), "png", 5, 7, true);
    byte[] png = Files.readAllBytes(good);
    byte[] jpeg = Files.readAllBytes(Samples.image(folder.resolve("good.jpg"), "jpg", 5, 7, true));
    refused("text".getBytes(java.nio.charset.StandardCharsets.UTF_8), "offset 0", "74 65 78 74");
    refused(new byte[0], "offset 0", "the end of the file");
    refused(Arrays.copyOf(png, 32), "offset 8", "IHDR");
    refused(Arrays.copyOf(png, 8), "offset 8", "the end of the file");
    byte[] flat = png.clone();
    Arrays.fill(flat, 16, 20, (byte) 0);
    refused(flat, "offset 16", "at least 1 x 1", "00 00 00 00");
    for (int length : new int[] {2, 3, 20, 100}) {
      refused(Arrays.copyOf(jpeg, length), "JPEG frame header", "the end of the file");
    }
    byte[] brokenSegment = jpeg.clone();
    brokenSegment[2] = 0;
    refused(brokenSegment, "offset 2", "JPEG segment");
    byte[] shortSegment = jpeg.clone();
    shortSegment[4] = 0;
    shortSegment[5] = 1;
    refused(shortSegment, "offset 2", "JPEG segment");
  }

  private void refused(byte[] content, String... parts) throws IOException {
    Path file = Files.write(folder.resolve("bad.png"), content);
    assertRefused(DataException.class, () -> ImageFiles.read(file, "id", 0), parts);
    assertRefused(DataException.class, () -> ImageFiles.read(file, "id", 0), file.toString());
  }

  @Test
  void refusesOverlongFile() throws IOException {
    Path file = Files.write(folder.resolve("big.png"), new byte[ImageFiles.MAX_BYTES + 1]);
    assertRefused(DataException.class, () -> ImageFiles.read(file, "id", 0), "at most 16777216");
  }

  @Test
  void csvWithNamesSortsThemToLabels() throws IOException {
    Samples.image(folder.resolve("images/a, b.png"), "png", 5, 7, true);
    Samples.image(folder.resolve("c.jpg"), "jpg", 5, 7, true);
    String text =
        "\uFEFFpath,label\r\n\"images/a, b.png\", \"the \"\"dog\"\"\"\r\n\r\nc.jpg,cat\r\n";
    Path csv = Files.writeString(folder.resolve("list.csv"), text.replace(", \"the", ",\"the"));
    try (ImageSource source = DatasetSpec.parse(csv.toString()).open(line -> {})) {
      assertEquals(List.of("cat", "the \"dog\""), source.classNames());
      checkImage(source.image(0), "images/a, b.png", 1, SourceImage.Encoding.PNG, 3, 5, 7);
      checkImage(source.image(1), "c.jpg", 0, SourceImage.Encoding.JPEG, 3, 5, 7);
    }
  }

  @Test
  void csvWithNumbersTakesThemAsLabels() throws IOException {
    Path csv = Files.writeString(folder.resolve("list.csv"), "a.png,0\nb.png,7\n");
    try (ImageSource source = DatasetSpec.parse("csv:" + csv).open(line -> {})) {
      assertEquals(8, source.classNames().size());
      assertRefused(
          DataException.class,
          () -> source.image(1),
          csv + ":2",
          folder.resolve("b.png").toString(),
          "got none there");
    }
  }

  @Test
  void csvNamesFollowClassesFileWhereThereIsOne() throws IOException {
    Samples.image(folder.resolve("a.png"), "png", 5, 7, true);
    Files.writeString(folder.resolve("classes.txt"), "zebra\ncat\n");
    Path csv = Files.writeString(folder.resolve("list.csv"), "a.png,cat\n");
    try (ImageSource source = CsvSource.open(csv)) {
      assertEquals(1, source.image(0).label());
    }
    refusedCsv("a.png,dog\n", ":1", "a class of classes.txt", "'dog'");
    refusedCsv("a.png,1\na.png,2\n", ":2", "label from 0 to 1", "got 2");
  }

  @Test
  void csvMistakesAreNamedWithTheirLine() throws IOException {
    refusedCsv("", "path,label", "got none");
    refusedCsv("path,label\n", "got none");
    refusedCsv("a.png,1\nb.png\n", ":2", "got 1 field(s): b.png");
    refusedCsv("a.png,1\nb.png,1,2\n", ":2", "got 3 field(s)");
    refusedCsv("a.png,1\n,1\n", ":2", "expected path,label");
    refusedCsv("a.png,\n", ":1", "expected path,label");
    refusedCsv("a.png,cat\nb.png,3\n", ":2", "the number 3");
    refusedCsv("a.png,-1\n", ":1", "label from 0", "got -1");
    refusedCsv("a.png,99999999999\n", ":1", "label from 0", "got 99999999999");
    refusedCsv("a.png,1\n\"b.png,1\n", ":2:1", "closing quote");
    refusedCsv("\"b.png\"x,1\n", ":1:8", "got 'x'");
    Path csv = Files.write(folder.resolve("latin.csv"), new byte[] {'a', (byte) 0xe9, ',', '1'});
    assertRefused(DataException.class, () -> CsvSource.open(csv), "UTF-8");
  }

  private void refusedCsv(String text, String... parts) throws IOException {
    Path csv = Files.writeString(folder.resolve("list.csv"), text);
    assertRefused(DataException.class, () -> CsvSource.open(csv), parts);
    assertRefused(DataException.class, () -> CsvSource.open(csv), csv.toString());
  }

  @Test
  void listsLargerThanAnyListAreRefused() throws IOException {
    Path list = folder.resolve("list.csv");
    try (var file = new RandomAccessFile(list.toFile(), "rw")) {
      file.setLength((64 << 20) + 1);
    }
    assertRefused(
        DataException.class,
        () -> CsvSource.open(list),
        "list.csv: expected at most 67108864 bytes");
    Files.writeString(list, "a.png,0\n");
    Files.writeString(folder.resolve("classes.txt"), "x\n".repeat(100_001));
    assertRefused(
        DataException.class, () -> CsvSource.open(list), "classes.txt", "1 to 100000, got 100001");
  }
}
