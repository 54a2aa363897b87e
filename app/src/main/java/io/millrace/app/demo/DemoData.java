package io.millrace.app.demo;

import io.millrace.app.data.DatasetSpec;
import io.millrace.app.data.ImageSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the demo reads from disk and what it leaves there. */
final class DemoData {

  /** A folder is deleted only if it holds nothing but what a demo puts there. */
  private static final List<String> OWN = List.of("broker", "state");

  private DemoData() {}

  /** The test part of the data set that is streamed. */
  static ImageSource heldOut(DatasetSpec dataset, ImageSource streamed) {
    if (dataset.part().isPresent() || dataset.format() == DatasetSpec.Format.CSV) {
      throw new IllegalArgumentException(
          "--dataset: expected a data set with a train and a test part and without a choice of"
              + " one, because the demo streams the first and predicts the second; got "
              + dataset);
    }
    ImageSource test =
        new DatasetSpec(dataset.format(), dataset.location(), Optional.of("test")).open(_ -> {});
    if (!test.classNames().equals(streamed.classNames())) {
      throw new IllegalArgumentException(
          "--dataset: expected the same classes in both parts, got "
              + streamed.classNames()
              + " and "
              + test.classNames());
    }
    return test;
  }

  /** Deletes what earlier demos left in the folder. */
  static void forget(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> entries = Files.list(folder)) {
      List<Path> strange =
          entries.filter(entry -> !OWN.contains(entry.getFileName().toString())).toList();
      if (!strange.isEmpty()) {
        throw new IllegalArgumentException(
            "--fresh: expected only files of a demo in "
                + folder
                + ", got "
                + strange.getFirst()
                + "; choose another --directory");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + folder, e);
    }
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete the files of an earlier demo in " + folder, e);
    }
  }
}
