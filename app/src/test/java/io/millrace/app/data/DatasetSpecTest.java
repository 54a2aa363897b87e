package io.millrace.app.data;

import static io.millrace.app.data.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.app.data.DatasetSpec.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatasetSpecTest {
  @ParameterizedTest
  @CsvSource({
    "fashion-mnist, FASHION_MNIST, '', , TRAIN",
    "fashion-mnist:test, FASHION_MNIST, '', test, TEST",
    "fashion-mnist-sample:train, FASHION_MNIST_SAMPLE, '', train, TRAIN",
    "idx:/a/b, IDX, /a/b, , TRAIN",
    "idx:/a/b:test, IDX, /a/b, test, TEST",
    "idx:C:/a, IDX, C:/a, , TRAIN",
    "cifar10:a:train, CIFAR10, a, train, TRAIN",
    "folder:/a/b:val, FOLDER, /a/b, val, TRAIN",
    "folder:C:/a, FOLDER, C:/a, , TRAIN",
    "csv:a.csv, CSV, a.csv, , TRAIN"
  })
  void parsesNamedFormatsAndPrintsThemBack(
      String text, Format format, String location, String part, Split split) {
    DatasetSpec spec = DatasetSpec.parse(text);
    assertEquals(new DatasetSpec(format, location, Optional.ofNullable(part)), spec);
    assertEquals(split, spec.split());
    assertEquals(text, spec.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "idx:",
        "folder:",
        "fashion-mnist:",
        "fashion-mnist:half",
        "csv:a.csv:test",
        "no/such/path",
        "mnist",
        ":test"
      })
  void refusesOtherFormsWithTheSyntax(String text) {
    assertRefused(
        DataException.class,
        () -> DatasetSpec.parse(text),
        "data set '" + text + "'",
        "idx:FOLDER[:train|test]");
  }

  @Test
  void recognisesBarePathsByWhatIsThere(@TempDir Path temp) throws IOException {
    Path idx = Files.createDirectory(temp.resolve("idx"));
    Path images = Files.write(idx.resolve("t10k-images-idx3-ubyte"), Samples.idxImages(1));
    Path labels = Files.write(idx.resolve("t10k-labels-idx1-ubyte"), Samples.idxLabels(1, 1));
    Path cifar = Files.createDirectory(temp.resolve("cifar"));
    Files.createFile(cifar.resolve("test_batch.bin"));
    Path classes = Files.createDirectories(temp.resolve("classes/cat")).getParent();
    Path csv = Files.createFile(temp.resolve("list.CSV"));
    assertEquals(Format.IDX, DatasetSpec.parse(idx.toString()).format());
    assertEquals(Split.TEST, DatasetSpec.parse(idx + ":test").split());
    assertEquals(Format.CIFAR10, DatasetSpec.parse(cifar.toString()).format());
    assertEquals(Format.FOLDER, DatasetSpec.parse(String.valueOf(classes)).format());
    assertEquals(Format.CSV, DatasetSpec.parse(csv.toString()).format());
    assertEquals(
        new DatasetSpec(Format.IDX, images + "," + labels, Optional.empty()),
        DatasetSpec.parse(images.toString()));
    assertRefused(
        DataException.class, () -> DatasetSpec.parse(labels.toString()), "neither .csv nor");
  }
}
