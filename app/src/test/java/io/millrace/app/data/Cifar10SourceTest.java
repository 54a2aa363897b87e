package io.millrace.app.data;

import static io.millrace.app.data.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Cifar10SourceTest {
  @TempDir private Path folder;

  @Test
  void readsAllBatchesOfTheSplitInOrder() throws IOException {
    Files.write(folder.resolve("data_batch_1.bin"), Samples.cifar(4, 0));
    Files.write(folder.resolve("data_batch_2.bin"), Samples.cifar(3, 100));
    Files.write(folder.resolve("test_batch.bin"), Samples.cifar(2, 50));
    try (ImageSource source = DatasetSpec.parse(folder.toString()).open(line -> {})) {
      assertEquals(7, source.size());
      assertEquals("airplane", source.classNames().getFirst());
      SourceImage image = source.image(5);
      assertEquals("train-000005", image.id());
      assertEquals(1, image.label());
      assertEquals(3, image.channels());
      assertEquals(3072, image.data().length);
      assertEquals(101, image.data()[0]);
      assertEquals(101, image.data()[3071]);
    }
    try (ImageSource source = DatasetSpec.parse("cifar10:" + folder + ":test").open(line -> {})) {
      assertEquals(2, source.size());
      assertEquals("test-000001", source.image(1).id());
    }
  }

  @Test
  void refusesTornFileAndWrongLabelWithTheirOffsets() throws IOException {
    byte[] records = Samples.cifar(3, 0);
    Path file = folder.resolve("data_batch_1.bin");
    Files.write(file, Arrays.copyOf(records, 3 * 3073 - 1));
    assertRefused(
        DataException.class,
        () -> Cifar10Source.open(folder, Split.TRAIN),
        file.toString(),
        "records of 3073 bytes",
        "3072 bytes from offset 6146");
    Files.write(file, new byte[0]);
    assertRefused(
        DataException.class, () -> Cifar10Source.open(folder, Split.TRAIN), "got 0 bytes");
    records[2 * 3073] = 10;
    Files.write(file, records);
    try (ImageSource source = Cifar10Source.open(folder, Split.TRAIN)) {
      assertRefused(
          DataException.class, () -> source.image(2), "offset 6146", "label from 0 to 9", "got 10");
    }
  }

  @Test
  void fileThatShrinksWhileItIsReadIsNoticed() throws IOException {
    Path file = Files.write(folder.resolve("test_batch.bin"), Samples.cifar(2, 0));
    try (ImageSource source = Cifar10Source.open(folder, Split.TEST)) {
      Files.write(file, new byte[4000]);
      assertRefused(DataException.class, () -> source.image(1), "offset 4000", "became shorter");
    }
  }

  @Test
  void saysWhichFilesAreMissing() {
    assertRefused(
        DataException.class,
        () -> DatasetSpec.parse("cifar10:" + folder).open(line -> {}),
        folder.toString(),
        "data_batch_1.bin");
  }
}
