package io.millrace.tests.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.SnapshotManifest;
import io.millrace.tests.support.Cluster;
import io.millrace.tests.support.Eventually;
import io.millrace.tests.support.Images;
import io.millrace.tests.support.Outcome;
import io.millrace.tests.support.Run;
import io.millrace.tests.support.TestLearner;
import io.millrace.topology.LearnerApplication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A learner that is stopped and started again learns what one learns that is never stopped. */
class RestartTest {

  private static final TestLearner LEARNER = TestLearner.withDefaults();
  private static final int STEPS = 20;
  private static final int IMAGES = STEPS * LEARNER.batch();

  /** Fill levels of the minibatch at which the learner is stopped: the edges and the middle. */
  private static final List<Integer> FILL_LEVELS =
      List.of(1, LEARNER.batch() / 2, LEARNER.batch() - 1, 0);

  @TempDir static Path folder;

  @SuppressWarnings("NullAway.Init") // by JUnit, before any test
  private static Cluster cluster;

  @BeforeAll
  static void startBroker() {
    cluster = Cluster.embedded(folder);
  }

  @AfterAll
  static void stopBroker() {
    cluster.close();
  }

  @Test
  void stopsInMidMinibatchLeaveNoTrace() {
    Run stopped = stoppedAtEachFillLevel(Run::start);
    assertSameAsNeverStopped(stopped);
  }

  @Test
  void stopsLeaveNoTraceWhenTheLocalStateIsLostToo() {
    Run stopped =
        stoppedAtEachFillLevel(run -> {
          delete(run.stateFolder());
          return run.start();
        });
    assertSameAsNeverStopped(stopped);
  }

  @Test
  void stopsWhileImagesStreamInLeaveNoTrace() {
    String images = cluster.createImages(cluster.newRun("busy"));
    Run run = Run.of(cluster, "busy", LEARNER, images);
    cluster.send(Images.records(images, 0, IMAGES));
    for (int stop = 1; stop <= 3; stop++) {
      try (LearnerApplication application = run.start()) {
        int metrics = stop * STEPS / 5;
        Eventually.await(
            run.applicationId() + ": " + metrics + " steps",
            () -> run.metrics().size() >= metrics ? Optional.of(true) : Optional.empty(),
            () -> run.metrics().size() + " steps; failure " + application.failure());
      }
    }
    run.learnTo(STEPS);
    assertSameAsNeverStopped(run);
  }

  /** How the learner of a run is started again. */
  private interface Starter {
    LearnerApplication start(Run run);
  }

  /** Sends some images, waits until the learner has committed them, stops it, and so on. */
  private static Run stoppedAtEachFillLevel(Starter starter) {
    String images = cluster.createImages(cluster.newRun("stopped"));
    Run run = Run.of(cluster, "stopped", LEARNER, images);
    int sent = 0;
    int stops = 0;
    for (int fill : FILL_LEVELS) {
      stops++;
      int until = 4 * stops * LEARNER.batch() + fill;
      cluster.send(Images.records(images, sent, until));
      sent = until;
      try (LearnerApplication application = starter.start(run)) {
        run.awaitCommitted(application, sent);
      }
      assertEquals(sent, cluster.committed(run.applicationId(), images), "images taken in");
      assertEquals(sent / LEARNER.batch(), run.metrics().size(), "steps at stop " + stops);
    }
    cluster.send(Images.records(images, sent, IMAGES));
    try (LearnerApplication application = starter.start(run)) {
      run.awaitSnapshot(application, STEPS);
    }
    return run;
  }

  private static void assertSameAsNeverStopped(Run stopped) {
    Run straight = Run.of(cluster, "straight", LEARNER, stopped.topics().images());
    straight.learnTo(STEPS);

    Outcome expected = straight.outcome();
    Outcome actual = stopped.outcome();
    actual.assertSameAs(expected);

    assertEquals(STEPS, actual.metrics().size(), "one metrics record for each step");
    assertEquals(STEPS, actual.last().getStep());
    assertEquals(IMAGES, actual.last().getImages());
    assertEquals(
        STEPS / LEARNER.everySteps(),
        actual.manifests().stream().map(SnapshotManifest::getSha256).distinct().count(),
        "each snapshot has weights of its own, so that equal ones say something");
  }

  private static void delete(Path tree) {
    if (!Files.exists(tree)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(tree)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete the local state", e);
    }
  }
}
