package io.millrace.app.data;

import static io.millrace.app.data.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdxSourceTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "train-images-idx3-ubyte",
        "train-images-idx3-ubyte.gz",
        "train-images.idx3-ubyte",
        "emnist-letters-train-images-idx3-ubyte.gz"
      })
  void readsImagesAndLabelsUnderTheFamilysNames(String imageFile) throws IOException {
    write(imageFile, Samples.idxImages(12));
    write(labels(imageFile), Samples.idxLabels(12, 3));
    write("t10k-images-idx3-ubyte", Samples.idxImages(1));
    try (ImageSource source = DatasetSpec.parse("idx:" + folder).open(line -> {})) {
      assertEquals(12, source.size());
      assertEquals(List.of("0", "1", "2"), source.classNames());
      List<SourceImage> images = new ArrayList<>();
      source.forEach(images::add);
      assertEquals(12, images.size());
      SourceImage image = images.get(11);
      assertEquals("train-000011", image.id());
      assertEquals(2, image.label());
      assertEquals(List.of(1, 2, 3), List.of(image.channels(), image.height(), image.width()));
      assertArrayEquals(new byte[] {11, 11, 11, 11, 11, 11}, image.data());
      var iterator = source.iterator();
      for (int i = 0; i < 12; i++) {
        iterator.next();
      }
      assertThrows(NoSuchElementException.class, iterator::next);
    }
  }

  private static String labels(String imageFile) {
    return imageFile.replace("images", "labels").replace("idx3", "idx1");
  }

  private Path write(String name, byte[] content) throws IOException {
    return Files.write(
        folder.resolve(name), name.endsWith(".gz") ? Samples.gzip(content) : content);
  }

  @Test
  void testImagesHaveTheirOwnIdsAndClassNamesOfTheFolder() throws IOException {
    write("t10k-images-idx3-ubyte", Samples.idxImages(2));
    write("t10k-labels-idx1-ubyte", Samples.idxLabels(2, 2));
    Files.writeString(folder.resolve("classes.txt"), "cat\n\n dog \nbird\n");
    try (ImageSource source = DatasetSpec.parse(folder + ":test").open(line -> {})) {
      assertEquals("test-000001", source.image(1).id());
      assertEquals(List.of("cat", "dog", "bird"), source.classNames());
    }
  }

  @Test
  void plainFileComesBeforeItsGz() throws IOException {
    write("train-images-idx3-ubyte", Samples.idxImages(2));
    write("train-images-idx3-ubyte.gz", Samples.idxImages(5));
    write("train-labels-idx1-ubyte", Samples.idxLabels(2, 2));
    try (ImageSource source = DatasetSpec.parse("idx:" + folder).open(line -> {})) {
      assertEquals(2, source.size());
    }
  }

  @Test
  void readsExplicitPairOfFiles() throws IOException {
    Path images = write("a", Samples.idxImages(3));
    Path labels = write("b.gz", Samples.idxLabels(3, 3));
    try (ImageSource source = DatasetSpec.parse("idx:" + images + "," + labels).open(l -> {})) {
      assertEquals(3, source.size());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void refusesTornAndOverlongFilesWithTheOffset(boolean gz) throws IOException {
    String name = gz ? "images.gz" : "images";
    byte[] whole = Samples.idxImages(10);
    refusesImages(name, Arrays.copyOf(whole, 75), "expected 76 bytes", "end at offset 75");
    refusesImages(name, Arrays.copyOf(whole, 77), "expected 76 bytes", "got 77");
    refusesImages(name, Arrays.copyOf(whole, 15), "offset 15", "header of 16 bytes");
    refusesImages(name, new byte[0], "offset 0", "header of 16 bytes");
  }

  private void refusesImages(String name, byte[] content, String... parts) throws IOException {
    Path file = write(name, content);
    String[] withName = Arrays.copyOf(parts, parts.length + 1);
    withName[parts.length] = file.toString();
    assertRefused(DataException.class, () -> IdxFile.open(file, 3).close(), withName);
  }

  @Test
  void refusesWrongMagicAndSizes() throws IOException {
    refusesImages("labels", Samples.idxLabels(30, 3), "offset 0", "00000803", "got 00000801");
    refusesImages(
        "png",
        "not an IDX file at all".getBytes(java.nio.charset.StandardCharsets.UTF_8),
        "6e6f7420");
    byte[] none = Samples.idx(0x803, new int[] {0, 28, 28}, new byte[0]);
    refusesImages("none", none, "offset 4", "got 0");
    byte[] negative = Samples.idx(0x803, new int[] {1, -1, 28}, new byte[0]);
    refusesImages("negative", negative, "offset 8", "got 4294967295");
    byte[] wide = Samples.idx(0x803, new int[] {1, 28, 4097}, new byte[0]);
    refusesImages("wide", wide, "offset 12", "1 to 4096");
  }

  @Test
  void doesNotTakeMemoryForWhatHeaderClaims() throws IOException {
    byte[] huge = Samples.idx(0x803, new int[] {Integer.MAX_VALUE, 4096, 4096}, new byte[9]);
    refusesImages("huge.gz", huge, "at most 536870912 bytes", "gunzip");
    refusesImages("huge", huge, "the end at offset 25");
    byte[] large = Samples.idx(0x803, new int[] {500_000, 28, 28}, new byte[9]);
    refusesImages("large.gz", large, "expected 392000000 bytes");
  }

  @Test
  void refusesDamagedGz() throws IOException {
    byte[] packed = Samples.gzip(Samples.idxImages(1000));
    Path torn = Files.write(folder.resolve("torn"), Arrays.copyOf(packed, packed.length / 2));
    assertRefused(DataException.class, () -> IdxFile.open(torn, 3), "torn", "whole gz data");
    packed[packed.length - 5] ^= 1; // in the checksum at the end
    Path wrong = Files.write(folder.resolve("wrong"), packed);
    assertRefused(DataException.class, () -> IdxFile.open(wrong, 3), "wrong", "whole gz data");
  }

  @Test
  void refusesLabelsThatDoNotBelongToTheImages() throws IOException {
    Path images = write("images", Samples.idxImages(3));
    Path labels = write("labels", Samples.idxLabels(4, 2));
    String spec = "idx:" + images + "," + labels;
    assertRefused(
        DataException.class,
        () -> DatasetSpec.parse(spec).open(line -> {}),
        labels.toString(),
        "offset 4",
        "expected 3 labels",
        "got 4");
    write("labels", Samples.idxLabels(3, 3));
    Files.writeString(folder.resolve("classes.txt"), "cat\ndog\n");
    assertRefused(
        DataException.class,
        () -> DatasetSpec.parse(spec).open(line -> {}),
        "offset 10",
        "label from 0 to 1",
        "got 2");
  }

  @Test
  void saysWhichFilesAreMissing() throws IOException {
    assertRefused(
        DataException.class,
        () -> DatasetSpec.parse("idx:" + folder).open(line -> {}),
        folder.toString(),
        "train-images-idx3-ubyte",
        "got none");
    write("train-images-idx3-ubyte", Samples.idxImages(3));
    assertRefused(
        DataException.class,
        () -> DatasetSpec.parse("idx:" + folder).open(line -> {}),
        "labels beside it as train-labels-idx1-ubyte");
    write("emnist-train-images-idx3-ubyte", Samples.idxImages(3));
    assertRefused(
        DataException.class,
        () -> DatasetSpec.parse("idx:" + folder).open(line -> {}),
        "got [emnist-train-images-idx3-ubyte, train-images-idx3-ubyte]");
  }
}
