package io.millrace.model.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.model.kernel.ScalarKernels;
import io.millrace.model.optimizer.ConstantSchedule;
import io.millrace.model.optimizer.OptimizerSpec;
import io.millrace.model.spec.InitializationSpec;
import io.millrace.model.spec.LossSpec;
import io.millrace.model.spec.NetworkSpec;
import org.junit.jupiter.api.Test;

class LearnerTest {
  @Test
  void learnsToTellFourQuadrants() {
    NetworkSpec network = TestNetworks.plain();
    try (Learner learner = constantRate(network)) {
      TestNetworks.fill(learner, network, 0, 16);
      float first = learner.step(16).meanLoss();
      float last = 0;
      int right = 0;
      for (int step = 1; step < 200; step++) {
        TestNetworks.fill(learner, network, step, 16);
        StepResult result = learner.step(16);
        if (step >= 180) {
          last += result.meanLoss() / 20;
          for (int i = 0; i < 16; i++) {
            right += result.predicted()[i] == learner.labels()[i] ? 1 : 0;
          }
        }
      }
      assertTrue(first > 1, "the first loss is about log 4, was " + first);
      assertTrue(last < 0.3, "expected a mean loss below 0.3 over the last 20 steps, got " + last);
      assertTrue(right > 300, "expected more than 300 of 320 right, got " + right);
    }
  }

  @Test
  void learnsWithEveryOperationInTheNetwork() {
    NetworkSpec network = TestNetworks.everything();
    try (Learner learner = constantRate(network)) {
      float last = 0;
      for (int step = 0; step < 200; step++) {
        TestNetworks.fill(learner, network, step, 16);
        float loss = learner.step(16).meanLoss();
        last += step >= 180 ? loss / 20 : 0;
      }
      assertTrue(last < 0.7, "expected a mean loss below 0.7 over the last 20 steps, got " + last);
    }
  }

  @Test
  void reportsWhatTheStepSaw() {
    NetworkSpec network = TestNetworks.plain();
    try (Learner learner = TestNetworks.learner(network)) {
      for (int step = 0; step < 4; step++) {
        TestNetworks.fill(learner, network, step, 5);
        StepResult result = learner.step(5);
        assertEquals(5, result.batchSize());
        assertEquals(step + 1, learner.step());
        assertEquals(step < 3 ? 0.1 : 0.05, result.learningRate(), "rate of step " + step);
        assertTrue(result.gradientNorm() > 0);
        float sum = 0;
        for (int i = 0; i < 5; i++) {
          sum += result.sampleLoss()[i];
        }
        assertEquals(sum / 5, result.meanLoss(), 1e-5);
      }
    }
  }

  @Test
  void weightsDependOnTheSeedAndOnlyOnTheirOwnName() {
    try (Learner one = TestNetworks.learner(TestNetworks.plain());
        Learner same = TestNetworks.learner(TestNetworks.plain());
        Learner other =
            Learner.create(
                TestNetworks.plain(),
                OptimizerSpec.plain(),
                new ConstantSchedule(0.1),
                TestNetworks.SEED + 1,
                InitializationSpec.withDefaults(),
                4,
                1,
                new ScalarKernels())) {
      assertEquals(one.state().sha256(), same.state().sha256());
      assertNotEquals(one.state().sha256(), other.state().sha256());
    }
  }

  @Test
  void refusesMinibatchesOutOfRangeAndChangesNothing() {
    NetworkSpec network = TestNetworks.everything();
    try (Learner learner = TestNetworks.learner(network)) {
      TestNetworks.train(learner, network, 0, 3);
      String before = learner.state().sha256();
      assertEquals(
          "minibatch: expected 1 to 16 samples, got 40",
          assertThrows(IllegalArgumentException.class, () -> learner.step(40)).getMessage());
      assertEquals(
          "minibatch: expected 1 to 16 samples, got 0",
          assertThrows(IllegalArgumentException.class, () -> learner.step(0)).getMessage());
      learner.labels()[2] = 4;
      assertEquals(
          "labels[2]: expected a class from 0 to 3, got 4",
          assertThrows(IllegalArgumentException.class, () -> learner.step(4)).getMessage());
      learner.labels()[2] = -1;
      assertEquals(
          "labels[2]: expected a class from 0 to 3, got -1",
          assertThrows(IllegalArgumentException.class, () -> learner.step(4)).getMessage());
      assertEquals(before, learner.state().sha256());
    }
  }

  @Test
  void refusedStepLeavesNoTrace() {
    NetworkSpec network = TestNetworks.everything();
    try (Learner straight = TestNetworks.learner(network);
        Learner refusing = TestNetworks.learner(network)) {
      TestNetworks.train(straight, network, 0, 6);
      for (int step = 0; step < 6; step++) {
        String before = refusing.state().sha256();
        TestNetworks.fill(refusing, network, 100 + step, 16);
        StepResult refused = refusing.step(16, (_, _) -> false);
        assertFalse(refused.accepted());
        assertTrue(refused.meanLoss() > 0 && refused.gradientNorm() > 0);
        assertEquals(before, refusing.state().sha256());
        TestNetworks.train(refusing, network, step, step + 1);
      }
      assertEquals(straight.state().sha256(), refusing.state().sha256());
    }
  }

  @Test
  void guardSeesThatAGradientIsNotFinite() {
    NetworkSpec network = TestNetworks.everything();
    try (Learner learner = TestNetworks.learner(network)) {
      TestNetworks.fill(learner, network, 0, 8);
      learner.images()[3] = Float.NaN;
      StepResult result = learner.step(8, (loss, norm) -> Float.isFinite(loss) && norm < 1e30);
      assertFalse(result.accepted());
      assertFalse(Double.isFinite(result.gradientNorm()));
      assertEquals(0, learner.step());
    }
  }

  @Test
  void doesNotLookAtSamplesBeyondTheMinibatch() {
    NetworkSpec network = TestNetworks.everything();
    try (Learner clean = TestNetworks.learner(network);
        Learner dirty = TestNetworks.learner(network)) {
      TestNetworks.fill(clean, network, 1, 5);
      clean.step(5);
      TestNetworks.fill(dirty, network, 2, 16);
      TestNetworks.fill(dirty, network, 1, 5);
      dirty.labels()[5] = 99;
      dirty.images()[5 * network.input().elements()] = Float.NaN;
      dirty.step(5);
      assertEquals(clean.state().sha256(), dirty.state().sha256());
    }
  }

  @Test
  void trainsWithSquaredError() {
    NetworkSpec network = TestNetworks.twoByTwo(LossSpec.SQUARED_ERROR);
    try (Learner learner =
        Learner.create(
            network,
            OptimizerSpec.plain(),
            new ConstantSchedule(0.5),
            1,
            InitializationSpec.withDefaults(),
            2,
            1,
            new ScalarKernels())) {
      learner.images()[0] = 1;
      learner.images()[3] = 1;
      learner.labels()[1] = 1;
      StepResult result = learner.step(2);
      for (int i = 0; i < 100; i++) {
        result = learner.step(2);
      }
      assertTrue(result.meanLoss() < 1e-3, "loss " + result.meanLoss());
      assertEquals(0, result.predicted()[0]);
      assertEquals(1, result.predicted()[1]);
    }
  }

  private static Learner constantRate(NetworkSpec network) {
    return Learner.create(
        network,
        OptimizerSpec.averaging(0.9f, 0),
        new ConstantSchedule(0.1),
        TestNetworks.SEED,
        InitializationSpec.withDefaults(),
        TestNetworks.MAX_BATCH,
        1,
        new ScalarKernels());
  }
}
