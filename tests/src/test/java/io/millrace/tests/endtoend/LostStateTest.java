package io.millrace.tests.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.app.learner.LearnerTopics;
import io.millrace.tests.support.Cluster;
import io.millrace.tests.support.Images;
import io.millrace.tests.support.Run;
import io.millrace.tests.support.TestLearner;
import io.millrace.topology.LearnerApplication;
import io.millrace.topology.LearnerResources;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A learner does not begin anew, behind the images that it has learned, without being told to. */
class LostStateTest {

  private static final TestLearner LEARNER = TestLearner.withDefaults();

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
  void aLearnerWhoseChangelogIsGoneRefusesToStart() {
    Run run = Run.of(cluster, "lost", LEARNER, cluster.createImages(cluster.newRun("images")));
    require(run);
    cluster.send(Images.records(run.topics().images(), 0, LEARNER.batch()));
    try (LearnerApplication application = run.start()) {
      run.awaitCommitted(application, LEARNER.batch());
    }
    require(run);
    String changelog = LearnerResources.of(run.config()).changelog();
    cluster.delete(List.of(changelog));
    String refused = message(run);
    assertTrue(refused.startsWith("topic " + changelog + ": expected the training state"), refused);
    cluster.createTopic(changelog);
    assertEquals(refused, message(run));
  }

  @Test
  void aLearnerThatHasMetNothingToTrainOnStartsAgain() {
    Run run = Run.of(cluster, "unusable", LEARNER, cluster.createImages(cluster.newRun("images")));
    String images = run.topics().images();
    byte[] key = "bad".getBytes(StandardCharsets.UTF_8);
    cluster.send(
        IntStream.range(0, 3)
            .mapToObj(i -> new ProducerRecord<>(images, key, new byte[i]))
            .toList());
    try (LearnerApplication application = run.start()) {
      run.awaitCommitted(application, 3);
    }
    require(run);
  }

  private static String message(Run run) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> require(run));
    return String.valueOf(refused.getMessage());
  }

  private static void require(Run run) {
    LearnerTopics.require(
        Map.of("bootstrap.servers", cluster.bootstrapServers()), run.config(), true);
  }
}
