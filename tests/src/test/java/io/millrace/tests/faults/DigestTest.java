package io.millrace.tests.faults;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.millrace.MetricsObserved;
import io.millrace.tests.support.Cluster;
import io.millrace.tests.support.Images;
import io.millrace.tests.support.Run;
import io.millrace.tests.support.TestLearner;
import io.millrace.topology.state.TrainingStateStore;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What compares two runs would notice if they differed. */
class DigestTest {

  private static final TestLearner LEARNER = TestLearner.withDefaults();
  private static final int STEPS = 10;
  private static final int IMAGES = STEPS * LEARNER.batch();

  @TempDir Path folder;

  @Test
  void aDoubleRecordAndAnotherWeightAreNoticed() {
    try (Cluster cluster = Cluster.embedded(folder)) {
      Run run = learned(cluster);
      Digest before = digest(cluster, run, IMAGES);
      assertEquals(List.of(), before.faults());
      assertEquals(STEPS, before.steps());
      assertEquals(List.of(), digest(cluster, run, IMAGES).differences(before));
      assertEquals(
          Set.of(
              "weights",
              "momentum",
              "batch-norm statistics",
              "step",
              "progress",
              "metrics",
              "layers",
              "manifests",
              "journal",
              "snapshot tensors"),
          before.parts().keySet());

      repeatMetrics(cluster, run);
      Digest doubled = digest(cluster, run, IMAGES);
      assertEquals(List.of("metrics"), doubled.differences(before));
      assertEquals(2, doubled.faults().size(), doubled.faults().toString());

      assertFalse(digest(cluster, run, IMAGES + 1).faults().isEmpty(), "an image is missing");

      changeWeight(cluster, run);
      assertEquals(List.of("metrics", "weights"), digest(cluster, run, IMAGES).differences(before));
    }
  }

  private static Run learned(Cluster cluster) {
    String images = cluster.createImages(cluster.newRun("digest"));
    cluster.send(Images.records(images, 0, IMAGES));
    Run run = Run.of(cluster, "digest", LEARNER, images);
    run.learnTo(STEPS);
    return run;
  }

  private static Digest digest(Cluster cluster, Run run, int images) {
    return Digest.of(cluster, run.applicationId(), run.topics(), Scenario.KILLS, images, 0);
  }

  /** Sends the last metrics record a second time. */
  private static void repeatMetrics(Cluster cluster, Run run) {
    String topic = run.topics().metrics();
    ConsumerRecord<byte[], byte[]> last = cluster.read(topic).getLast();
    cluster.send(List.of(new ProducerRecord<>(topic, 0, last.key(), last.value())));
  }

  /** Overwrites one bit of one weight. */
  private static void changeWeight(Cluster cluster, Run run) {
    String topic = run.applicationId() + "-" + TrainingStateStore.NAME + "-changelog";
    ConsumerRecord<byte[], byte[]> last =
        cluster.read(topic).stream()
            .filter(record -> Run.key(record).equals("tensor/out.bias/0"))
            .toList()
            .getLast();
    byte[] value = last.value().clone();
    value[0] ^= 1;
    cluster.send(List.of(new ProducerRecord<>(topic, 0, last.key(), value)));
  }

  @Test
  void theOrderOfAMapDoesNotMatterAndTheSignOfZeroDoes() {
    Map<String, Long> lag = new LinkedHashMap<>();
    lag.put("a", 1L);
    lag.put("b", 2L);
    Map<String, Long> reversed = new LinkedHashMap<>();
    reversed.put("b", 2L);
    reversed.put("a", 1L);
    assertArrayEquals(bytes(0.0, lag), bytes(0.0, reversed));
    assertFalse(Arrays.equals(bytes(0.0, lag), bytes(-0.0, lag)));
  }

  private static byte[] bytes(double speed, Map<String, Long> lag) {
    return Canonical.bytes(new MetricsObserved(1L, speed, lag, "", 0.0, -1L, -1L), Set.of());
  }
}
