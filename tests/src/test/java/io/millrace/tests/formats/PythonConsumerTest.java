package io.millrace.tests.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import io.millrace.SnapshotManifest;
import io.millrace.TensorInfo;
import io.millrace.model.safetensors.SafetensorsFile;
import io.millrace.model.safetensors.SafetensorsReader;
import io.millrace.schemas.TensorBytes;
import io.millrace.tests.support.Cluster;
import io.millrace.tests.support.ForeignSnapshot;
import io.millrace.tests.support.Images;
import io.millrace.tests.support.Run;
import io.millrace.tests.support.TestLearner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program in another language reads the snapshot topic, from the Avro schemas alone. */
class PythonConsumerTest {
  /** Debian's own, whose confluent_kafka no other Python finds. */
  private static final String PYTHON = "/usr/bin/python3";

  private static final Path HOME = Path.of(System.getProperty("millrace.home", "."));
  private static final Path SCRIPT = HOME.resolve("docs/python/consume_snapshot.py");
  private static final long TIMEOUT_SECONDS = 120;

  private record Result(int exitCode, List<String> out, String err) {}

  @BeforeAll
  static void requirePython() throws IOException, InterruptedException {
    String missing =
        "not run: expected "
            + PYTHON
            + " with confluent_kafka; apt-get install"
            + " python3-confluent-kafka";
    if (!Files.isExecutable(Path.of(PYTHON))) {
      abort(missing);
    }
    if (run(Path.of("").toAbsolutePath(), "-c", "import confluent_kafka").exitCode() != 0) {
      abort(missing);
    }
  }

  @Test
  void assemblesTheNewestWholeSnapshot(@TempDir Path folder)
      throws IOException, InterruptedException {
    try (Cluster cluster = Cluster.embedded(folder)) {
      TestLearner learner = TestLearner.withDefaults().withSnapshots(3, 2);
      String images = cluster.createImages(cluster.newRun("images"));
      Run run = Run.of(cluster, "python", learner, images);
      cluster.send(Images.records(images, 0, 9 * learner.batch()));
      SnapshotManifest published = run.learnTo(9);
      String[] arguments = {
        SCRIPT.toString(),
        "-b",
        cluster.bootstrapServers(),
        "--topic",
        run.topics().snapshots(),
        "--npy",
        folder.resolve("npy").toString(),
        "--safetensors",
        folder.resolve("python.safetensors").toString()
      };

      Result result = run(folder, arguments);
      assertEquals(0, result.exitCode(), result.err());
      assertEquals(expected(published), result.out());
      assertFilesHold(published, folder);

      // Half a snapshot and one that was taken back change nothing.
      String topic = run.topics().snapshots();
      ForeignSnapshot.of(published, published.getVersion() + 1)
          .withoutItsFirstChunk()
          .commit(cluster.bootstrapServers(), topic);
      ForeignSnapshot.of(published, published.getVersion() + 2)
          .abort(cluster.bootstrapServers(), topic);
      Result after = run(folder, arguments);
      assertEquals(expected(published), after.out());
      assertTrue(
          after.err().contains("version 4: tensor conv.weight: chunk 0 of 1 is missing"),
          after.err());

      Result none =
          run(folder, SCRIPT.toString(), "-b", cluster.bootstrapServers(), "--topic", images);
      assertEquals(1, none.exitCode());
      assertTrue(none.err().contains("expected a whole snapshot, got none"), none.err());
    }
  }

  private static List<String> expected(SnapshotManifest manifest) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s version %d step %d"
            .formatted(manifest.getModel(), manifest.getVersion(), manifest.getStep()));
    for (TensorInfo tensor : manifest.getTensors()) {
      lines.add(tensor.getSha256() + " " + tensor.getName() + " " + tensor.getShape());
    }
    lines.add(manifest.getSha256() + " all");
    return lines;
  }

  private static void assertFilesHold(SnapshotManifest manifest, Path folder) throws IOException {
    SafetensorsFile file =
        SafetensorsReader.read(folder.resolve("python.safetensors"), Integer.MAX_VALUE);
    assertEquals(manifest.getTensors().size(), file.tensors().size());
    for (TensorInfo tensor : manifest.getTensors()) {
      assertEquals(tensor.getSha256(), TensorBytes.sha256(file.tensor(tensor.getName()).data()));
      byte[] npy = Files.readAllBytes(folder.resolve("npy").resolve(tensor.getName() + ".npy"));
      int begin = npy.length - tensor.getSizeBytes();
      assertEquals(0, begin % 64);
      assertArrayEquals(
          new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}, Arrays.copyOf(npy, 8));
      assertEquals(
          tensor.getSha256(), TensorBytes.sha256(Arrays.copyOfRange(npy, begin, npy.length)));
    }
  }

  private static Result run(Path folder, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(PYTHON));
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile("python", ".out");
    Path err = Files.createTempFile("python", ".err");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(
          "python: expected an end within " + TIMEOUT_SECONDS + " s, got none");
    }
    Result result =
        new Result(
            process.exitValue(),
            Files.readAllLines(out, StandardCharsets.UTF_8),
            Files.readString(err, StandardCharsets.UTF_8));
    Files.delete(out);
    Files.delete(err);
    return result;
  }
}
