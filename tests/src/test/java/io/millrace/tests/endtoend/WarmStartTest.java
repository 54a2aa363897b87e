package io.millrace.tests.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.SnapshotManifest;
import io.millrace.TensorInfo;
import io.millrace.model.safetensors.SafetensorsWriter;
import io.millrace.model.tensor.Tensor;
import io.millrace.model.training.Learner;
import io.millrace.schemas.TensorBytes;
import io.millrace.tests.support.Cluster;
import io.millrace.tests.support.Images;
import io.millrace.tests.support.LearnerConfigs;
import io.millrace.tests.support.Run;
import io.millrace.tests.support.TestLearner;
import io.millrace.topology.LearnerApplication;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.config.WarmStartConfig;
import io.millrace.topology.learn.Learners;
import io.millrace.topology.learn.Observer;
import io.millrace.topology.replay.Replay;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that begins with another's weights, some of which stay. */
class WarmStartTest {
  private static final TestLearner LEARNER = TestLearner.withDefaults();

  @Test
  void frozenWeightsOfTheFileOutliveItAndARestart(@TempDir Path folder) throws IOException {
    try (Cluster cluster = Cluster.embedded(folder)) {
      String images = cluster.createImages(cluster.newRun("images"));
      Run run = Run.of(cluster, "warm", LEARNER, images);
      Path file = folder.resolve("weights.safetensors");
      Map<String, Tensor> weights = write(run.config(), file);
      LearnerConfig config =
          LearnerConfigs.with(
              run.config(),
              new WarmStartConfig(
                  Optional.of(file),
                  TensorBytes.sha256(Files.readAllBytes(file)),
                  true,
                  true,
                  List.of("conv", "norm")));

      cluster.send(Images.records(images, 0, 5 * LEARNER.batch()));
      SnapshotManifest first = learnTo(run, config, 5);
      Path away = Files.move(file, folder.resolve("away"));
      cluster.send(Images.records(images, 5 * LEARNER.batch(), 10 * LEARNER.batch()));
      SnapshotManifest second = learnTo(run, config, 10);

      Map<String, String> before = hashes(first);
      Map<String, String> after = hashes(second);
      for (Map.Entry<String, Tensor> given : weights.entrySet()) {
        String name = given.getKey();
        String sha256 = TensorBytes.sha256(given.getValue().data());
        if (name.startsWith("conv.") || name.startsWith("norm.")) {
          assertEquals(sha256, before.get(name), name);
          assertEquals(sha256, after.get(name), name);
        } else {
          assertNotEquals(before.get(name), after.get(name), name);
        }
      }
      assertEquals(10, before.size());

      Files.move(away, file);
      Map<String, String> client = Map.of("bootstrap.servers", cluster.bootstrapServers());
      Replay.Result replayed =
          new Replay(config, client, new Observer() {}).run(second.getVersion());
      assertTrue(replayed.equal());
    }
  }

  private static SnapshotManifest learnTo(Run run, LearnerConfig config, long step) {
    try (LearnerApplication application = LearnerApplication.start(config)) {
      return run.awaitSnapshot(application, step);
    }
  }

  /** Weights that the configuration's seed would not draw; returns them. */
  private static Map<String, Tensor> write(LearnerConfig config, Path file) throws IOException {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    try (Learner learner = Learners.create(config);
        OutputStream out = Files.newOutputStream(file)) {
      learner
          .state()
          .parametersAndBuffers()
          .forEach((name, tensor) -> {
            for (int i = 0; i < tensor.data().length; i++) {
              tensor.data()[i] = 0.9f * tensor.data()[i] + 0.01f;
            }
            weights.put(name, new Tensor(tensor.shape(), tensor.data().clone()));
          });
      SafetensorsWriter.write(Map.of(), weights, out);
    }
    return weights;
  }

  private static Map<String, String> hashes(SnapshotManifest manifest) {
    Map<String, String> hashes = new LinkedHashMap<>();
    for (TensorInfo tensor : manifest.getTensors()) {
      hashes.put(tensor.getName(), tensor.getSha256());
    }
    return hashes;
  }
}
