package io.millrace.tests.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.SnapshotManifest;
import io.millrace.tests.support.Cluster;
import io.millrace.tests.support.Images;
import io.millrace.tests.support.LearnerProcess;
import io.millrace.tests.support.Outcome;
import io.millrace.tests.support.Run;
import io.millrace.tests.support.TestLearner;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Equal input gives equal weights and metrics, whatever computes them. */
class SameBitsTest {

  private static final TestLearner LEARNER = TestLearner.withDefaults();
  private static final int STEPS = 20;

  @TempDir static Path folder;

  @SuppressWarnings("NullAway.Init") // by JUnit, before any test
  private static Cluster cluster;

  @SuppressWarnings("NullAway.Init") // by JUnit, before any test
  private static String images;

  @SuppressWarnings("NullAway.Init") // by JUnit, before any test
  private static Outcome expected;

  @BeforeAll
  static void startBrokerAndLearnWithOneThread() {
    cluster = Cluster.embedded(folder);
    images = cluster.createImages(cluster.newRun("same"));
    cluster.send(Images.records(images, 0, STEPS * LEARNER.batch()));
    Run run = Run.of(cluster, "one-thread", LEARNER, images);
    run.learnTo(STEPS);
    expected = run.outcome();
    assertEquals(STEPS, expected.metrics().size());
    assertEquals(STEPS / LEARNER.everySteps(), expected.manifests().size());
  }

  @AfterAll
  static void stopBroker() {
    cluster.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void threadsDoNotMatter(int threads) {
    Run run = Run.of(cluster, "threads", LEARNER.withThreads(threads), images);
    run.learnTo(STEPS);
    run.outcome().assertSameAs(expected);
  }

  @Test
  void scalarKernelsGiveTheSame() {
    Run run = Run.of(cluster, "scalar", LEARNER, images);
    SnapshotManifest manifest =
        LearnerProcess.learnTo(STEPS, run, LEARNER, "-Dmillrace.kernels=scalar");
    assertEquals("scalar", manifest.getObserved().getKernels());
    assertEquals(0, manifest.getObserved().getVectorBits());
    run.outcome().assertSameAs(expected);
  }

  @Test
  void narrowVectorsGiveTheSame() {
    Run run = Run.of(cluster, "narrow", LEARNER, images);
    SnapshotManifest manifest =
        LearnerProcess.learnTo(
            STEPS, run, LEARNER, "-Dmillrace.kernels=vector", "-XX:MaxVectorSize=16");
    assertEquals("vector", manifest.getObserved().getKernels());
    assertEquals(128, manifest.getObserved().getVectorBits());
    run.outcome().assertSameAs(expected);
  }
}
