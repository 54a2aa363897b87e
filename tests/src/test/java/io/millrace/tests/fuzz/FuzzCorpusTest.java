package io.millrace.tests.fuzz;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Inputs that once found a fault find none. */
class FuzzCorpusTest {
  private static final Path CORPUS = Path.of("src/test/resources/fuzz");

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(CORPUS)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void findsNothingAnyMore(Path file, @TempDir Path folder) {
    assertNull(run(FuzzInput.read(file), folder).fault());
  }

  @Test
  void thereIsACorpus() throws IOException {
    assertTrue(files().size() >= 5, () -> "expected files in " + CORPUS.toAbsolutePath());
  }

  static FuzzProbe.Result run(FuzzInput input, Path folder) {
    for (FuzzTarget target : FuzzTargets.create(folder)) {
      if (target.name().equals(input.target())) {
        target.seeds().forEach(target::run);
        return FuzzProbe.run(target, input.bytes());
      }
    }
    throw new IllegalArgumentException("no target is called " + input.target());
  }
}
