package io.millrace.topology.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.LabeledImage;
import io.millrace.model.training.Learner;
import io.millrace.model.training.StateTensor;
import io.millrace.model.training.StepResult;
import io.millrace.topology.SmallLearner;
import io.millrace.topology.config.GuardConfig;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.config.MetricsConfig;
import io.millrace.topology.decode.DecodedImage;
import io.millrace.topology.learn.Learners;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TrainingCheckpointTest {

  private final LearnerConfig config = SmallLearner.config();
  private final String fingerprint = config.network().fingerprint();

  /** The changelog topic after compaction: the last value of each key. */
  private final Map<String, byte[]> changelog = new HashMap<>();

  @Test
  void restoresEverythingFromTheChangelogAlone() {
    try (Learner first = Learners.create(config);
        Learner second = Learners.create(config)) {
      TrainingCheckpoint checkpoint = attached(first);
      train(first, checkpoint, 0, 3);
      checkpoint.pending().add(image(100));
      checkpoint.pending().add(image(101));
      checkpoint.progress().countRejected();
      checkpoint.progress().published(9, 2);
      checkpoint.progress().refusals().history().window(5);
      checkpoint.progress().refusals().accepted(1.5f, 2.5);
      checkpoint.progress().refusals().refused(4, 2);
      checkpoint.progress().refusals().refused(4, 2);
      checkpoint.progress().settings(Map.of("seed", "7"));
      assertEquals(1, checkpoint.progress().nextJournalEntry());
      checkpoint.drainChanged(changelog::put);

      TrainingCheckpoint restored = restored();
      restored.attach(fingerprint, second.state());
      restored.progress().metrics().window(config.metrics().window());

      assertEquals(first.state().sha256(), second.state().sha256());
      assertEquals(3, second.step());
      assertEquals(2, restored.pending().size());
      assertEquals("image-101", restored.pending().get(1).id());
      Progress expected = checkpoint.progress();
      Progress actual = restored.progress();
      assertEquals(expected.images(), actual.images());
      assertEquals(1, actual.rejected());
      assertEquals(9, actual.snapshotVersion());
      assertEquals(2, actual.snapshotStep());
      assertEquals(2, actual.refusals().minibatches());
      assertEquals(8, actual.refusals().images());
      assertEquals(2, actual.refusals().inRow());
      assertTrue(actual.refusals().paused());
      assertEquals(3.0, actual.refusals().history().lossLimit(1));
      assertEquals(5.0, actual.refusals().history().normLimit(1));
      assertEquals(Map.of("seed", "7"), actual.settings());
      assertEquals(2, actual.nextJournalEntry());
      assertEquals(expected.eventTimeWatermarkMs(), actual.eventTimeWatermarkMs());
      assertEquals(expected.sources(), actual.sources());
      assertEquals(expected.metrics().windowSize(), actual.metrics().windowSize());
      assertEquals(expected.metrics().windowLoss(), actual.metrics().windowLoss());
      assertEquals(expected.metrics().windowAccuracy(), actual.metrics().windowAccuracy());
      assertEquals(expected.metrics().cumulativeLoss(), actual.metrics().cumulativeLoss());
      assertEquals(expected.metrics().cumulativeAccuracy(), actual.metrics().cumulativeAccuracy());

      train(first, checkpoint, 200, 2);
      train(second, restored, 200, 2);
      assertEquals(first.state().sha256(), second.state().sha256());
      assertEquals(expected.metrics().windowLoss(), actual.metrics().windowLoss(), "goes on alike");
    }
  }

  @Test
  void writesNothingWhereNothingChanged() {
    try (Learner learner = Learners.create(config)) {
      TrainingCheckpoint checkpoint = attached(learner);
      checkpoint.drainChanged(changelog::put);
      assertEquals(0, changelog.size());
      train(learner, checkpoint, 0, 1);
      checkpoint.drainChanged(changelog::put);
      assertTrue(changelog.size() > 5, changelog.keySet().toString());
      changelog.clear();
      checkpoint.drainChanged(changelog::put);
      assertEquals(0, changelog.size());
      checkpoint.pending().add(image(1));
      checkpoint.drainChanged(changelog::put);
      assertEquals(2, changelog.size(), changelog.keySet().toString());
    }
  }

  /** Brokers refuse a record above 1 MB unless they are told otherwise. */
  @Test
  void progressWithTheLargestWindowsFitsARecord() {
    try (Learner learner = Learners.create(config)) {
      TrainingCheckpoint checkpoint = attached(learner);
      Progress progress = checkpoint.progress();
      progress.metrics().window(MetricsConfig.MAX_WINDOW);
      progress.refusals().history().window(GuardConfig.MAX_WINDOW);
      for (int i = 0; i < MetricsConfig.MAX_WINDOW; i++) {
        progress.trained(image(1), 1.5f, true);
        progress.refusals().accepted(1.5f, 2.5);
      }
      checkpoint.drainChanged(changelog::put);
      int size = changelog.getOrDefault("progress", new byte[0]).length;
      assertTrue(size > 500_000 && size < 1_000_000, size + " bytes");
    }
  }

  @Test
  void restoresImagesThatWaitForTheFirstStep() {
    try (Learner first = Learners.create(config);
        Learner second = Learners.create(config)) {
      TrainingCheckpoint checkpoint = attached(first);
      checkpoint.pending().add(image(1));
      checkpoint.drainChanged(changelog::put);
      TrainingCheckpoint restored = restored();
      restored.attach(fingerprint, second.state());
      assertEquals(1, restored.pending().size());
      assertEquals(first.state().sha256(), second.state().sha256());
    }
  }

  @Test
  void writesOnlyTheChunksThatDiffer() {
    try (Learner learner = Learners.create(config);
        Learner second = Learners.create(config)) {
      TrainingCheckpoint checkpoint = attached(learner);
      train(learner, checkpoint, 0, 1);
      checkpoint.drainChanged(changelog::put);
      changeOne(learner);
      Map<String, byte[]> again = new HashMap<>();
      checkpoint.drainChanged(again::put);
      assertEquals(Set.of("tensor/out.bias/0", "progress"), again.keySet());
      changelog.putAll(again);

      TrainingCheckpoint restored = restored();
      restored.attach(fingerprint, second.state());
      assertEquals(learner.state().sha256(), second.state().sha256());
      changeOne(second);
      Map<String, byte[]> third = new HashMap<>();
      restored.drainChanged(third::put);
      assertEquals(Set.of("tensor/out.bias/0", "progress"), third.keySet(), "after a restore, too");
    }
  }

  private static void changeOne(Learner learner) {
    for (StateTensor tensor : learner.state().tensors()) {
      if (tensor.name().equals("out.bias")) {
        tensor.tensor().data()[1] += 1;
      }
    }
    learner.state().step(learner.step() + 1);
  }

  @Test
  void keepsWhatNoCommitHasWrittenWhenDetached() {
    try (Learner first = Learners.create(config);
        Learner second = Learners.create(config);
        Learner third = Learners.create(config)) {
      TrainingCheckpoint checkpoint = attached(first);
      train(first, checkpoint, 0, 2);
      checkpoint.pending().add(image(50));
      checkpoint.detach();
      checkpoint.drainChanged(changelog::put);
      TrainingCheckpoint restored = restored();
      restored.attach(fingerprint, second.state());
      assertEquals(first.state().sha256(), second.state().sha256());
      assertEquals(1, restored.pending().size());
      checkpoint.attach(fingerprint, third.state());
      assertEquals(first.state().sha256(), third.state().sha256());
      assertEquals(1, checkpoint.pending().size());
    }
  }

  @Test
  void refusesTheStateOfAnotherNetwork() {
    try (Learner learner = Learners.create(config)) {
      TrainingCheckpoint checkpoint = attached(learner);
      train(learner, checkpoint, 0, 1);
      checkpoint.drainChanged(changelog::put);
      TrainingCheckpoint restored = restored();
      var e =
          assertThrows(
              IllegalStateException.class, () -> restored.attach("other", learner.state()));
      assertTrue(String.valueOf(e.getMessage()).contains("another application.id"), e.toString());
    }
  }

  @Test
  void refusesStateThatIsNotWhole() {
    try (Learner learner = Learners.create(config)) {
      TrainingCheckpoint checkpoint = attached(learner);
      train(learner, checkpoint, 0, 1);
      checkpoint.drainChanged(changelog::put);
      changelog.remove("tensor/conv.weight.velocity/0");
      TrainingCheckpoint restored = restored();
      var e =
          assertThrows(
              IllegalStateException.class, () -> restored.attach(fingerprint, learner.state()));
      assertTrue(
          String.valueOf(e.getMessage()).contains("tensor/conv.weight.velocity/0"), e.toString());
    }
  }

  private TrainingCheckpoint attached(Learner learner) {
    TrainingCheckpoint checkpoint = new TrainingCheckpoint();
    checkpoint.attach(fingerprint, learner.state());
    checkpoint.progress().metrics().window(config.metrics().window());
    return checkpoint;
  }

  private TrainingCheckpoint restored() {
    TrainingCheckpoint checkpoint = new TrainingCheckpoint();
    changelog.forEach(checkpoint::restore);
    return checkpoint;
  }

  private void train(Learner learner, TrainingCheckpoint checkpoint, int from, int steps) {
    int elements = config.network().input().elements();
    for (int step = 0; step < steps; step++) {
      DecodedImage[] images = new DecodedImage[SmallLearner.BATCH];
      for (int i = 0; i < images.length; i++) {
        images[i] = image(from + step * images.length + i);
        config.images().normalization().apply(images[i].pixels(), learner.images(), i * elements);
        learner.labels()[i] = images[i].label();
      }
      StepResult result = learner.step(images.length);
      for (int i = 0; i < images.length; i++) {
        checkpoint
            .progress()
            .trained(images[i], result.sampleLoss()[i], result.predicted()[i] == images[i].label());
      }
    }
  }

  private static DecodedImage image(int index) {
    LabeledImage image = SmallLearner.image(index);
    return new DecodedImage(
        "image-" + index,
        image.getLabel(),
        image.getData().array(),
        1_000 + index,
        "millrace.images",
        0,
        index);
  }
}
