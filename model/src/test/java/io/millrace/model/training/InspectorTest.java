package io.millrace.model.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.model.inspection.ActivationStatistics;
import io.millrace.model.inspection.Histogram;
import io.millrace.model.inspection.Inspection;
import io.millrace.model.inspection.Inspector;
import io.millrace.model.inspection.ParameterStatistics;
import io.millrace.model.kernel.ScalarKernels;
import io.millrace.model.spec.LossSpec;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.spec.OperationSpec;
import io.millrace.model.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class InspectorTest {

  @Test
  void looksWithoutChangingWhatIsLearned() {
    NetworkSpec network = TestNetworks.everything();
    try (Learner seen = TestNetworks.learner(network);
        Learner unseen = TestNetworks.learner(network)) {
      Inspector inspector = new Inspector(network, seen, new ScalarKernels());
      for (int step = 0; step < 3; step++) {
        TestNetworks.fill(seen, network, step, 5);
        TestNetworks.fill(unseen, network, step, 5);
        inspector.before();
        seen.step(5);
        inspector.after(5);
        unseen.step(5);
      }
      for (int i = 0; i < seen.state().tensors().size(); i++) {
        assertArrayEquals(
            unseen.state().tensors().get(i).tensor().data(),
            seen.state().tensors().get(i).tensor().data(),
            seen.state().tensors().get(i).name());
      }
    }
  }

  @Test
  void normsAreThoseOfGradientAndUpdate() {
    NetworkSpec network = TestNetworks.plain();
    try (Learner learner = TestNetworks.learner(network)) {
      Inspector inspector = new Inspector(network, learner, new ScalarKernels());
      TestNetworks.fill(learner, network, 0, 7);
      float[] before = learner.parameters().getFirst().value().clone();
      inspector.before();
      StepResult result = learner.step(7);
      Inspection inspection = inspector.after(7);

      double squares = 0;
      for (ParameterStatistics parameter : inspection.parameters()) {
        squares += parameter.gradientNorm() * parameter.gradientNorm();
      }
      assertEquals(result.gradientNorm(), Math.sqrt(squares), 1e-9);

      float[] after = learner.parameters().getFirst().value();
      double moved = 0;
      for (int i = 0; i < before.length; i++) {
        moved += Math.pow((double) after[i] - before[i], 2);
      }
      assertTrue(moved > 0);
      assertEquals(Math.sqrt(moved), inspection.parameters().getFirst().updateNorm(), 1e-12);
      for (ParameterStatistics parameter : inspection.parameters()) {
        int elements =
            learner.parameters().stream()
                .filter(each -> each.name().equals(parameter.name()))
                .findFirst()
                .orElseThrow()
                .elements();
        assertEquals(elements, Arrays.stream(parameter.weights().counts()).sum());
        assertEquals(elements, Arrays.stream(parameter.gradients().counts()).sum());
      }
    }
  }

  @Test
  void lastActivationsAreTheScoresOfAnInference() {
    NetworkSpec network = TestNetworks.everything();
    int images = 8;
    try (Learner learner = TestNetworks.learner(network)) {
      Inspector inspector = new Inspector(network, learner, new ScalarKernels());
      TestNetworks.fill(learner, network, 0, 12);
      inspector.before();
      learner.step(12);
      Inspection inspection = inspector.after(12);
      Map<String, io.millrace.model.tensor.Tensor> weights =
          learner.state().tensors().stream()
              .filter(tensor -> tensor.kind() != StateTensor.Kind.VELOCITY)
              .collect(Collectors.toMap(StateTensor::name, StateTensor::tensor));
      float[] scores = new float[images * 4];
      try (Inference inference =
          Inference.create(network, weights, images, 1, new ScalarKernels())) {
        inference.logits(learner.images(), images, scores);
      }
      ActivationStatistics last = inspection.activations().getLast();
      assertEquals("fc2", last.layer());
      assertEquals(Shape.of(4), last.shape());
      double mean = 0;
      for (float score : scores) {
        mean += score / (double) scores.length;
      }
      assertEquals(mean, last.mean(), 1e-9);
      assertEquals(scores.length, Arrays.stream(last.values().counts()).sum());
    }
  }

  @Test
  void reluHoldsBackAShareOfItsValues() {
    NetworkSpec network = TestNetworks.everything();
    try (Learner learner = TestNetworks.learner(network)) {
      Inspector inspector = new Inspector(network, learner, new ScalarKernels());
      TestNetworks.fill(learner, network, 0, 16);
      inspector.before();
      learner.step(16);
      double zeros = inspector.after(16).activations().getFirst().zeros();
      assertTrue(zeros > 0.05 && zeros < 0.95, "expected some zeros, got a share of " + zeros);
    }
  }

  @Test
  void filtersAreTheFirstConvolutionsWeights() {
    NetworkSpec network = TestNetworks.everything();
    try (Learner learner = TestNetworks.learner(network)) {
      Inspector inspector = new Inspector(network, learner, new ScalarKernels());
      TestNetworks.fill(learner, network, 0, 4);
      inspector.before();
      learner.step(4);
      Inspection.Filters filters = inspector.after(4).filters().orElseThrow();
      assertEquals("conv1.weight", filters.parameter());
      assertEquals(Shape.of(6, 2, 3, 3), filters.values().shape());
      assertArrayEquals(learner.parameters().getFirst().value(), filters.values().data());
    }
  }

  @Test
  void filtersThatAreHugeAreLeftOut() {
    NetworkSpec network =
        new NetworkSpec(
            "wide",
            Shape.of(1, 130, 130),
            List.of(
                TestNetworks.node("conv1", OperationSpec.Conv2d.of(1, 129), "input"),
                TestNetworks.node("flat", new OperationSpec.Flatten(), "conv1"),
                TestNetworks.node("fc", new OperationSpec.Linear(4, true), "flat")),
            LossSpec.SOFTMAX_CROSS_ENTROPY);
    try (Learner learner = TestNetworks.learner(network)) {
      Inspector inspector = new Inspector(network, learner, new ScalarKernels());
      TestNetworks.fill(learner, network, 0, 1);
      inspector.before();
      learner.step(1);
      Inspection inspection = inspector.after(1);
      assertTrue(inspection.filters().isEmpty());
      assertEquals(4, inspection.parameters().size());
    }
  }

  @Test
  void histogramsCountEveryValueOnce() {
    float[] values = {-1, 3, 0, 3, Float.NaN, 1, Float.POSITIVE_INFINITY, 99};
    Histogram histogram = Histogram.of(values, 7);
    assertEquals(-1, histogram.low());
    assertEquals(3, histogram.high());
    assertEquals(2, histogram.notFinite());
    assertEquals(5, Arrays.stream(histogram.counts()).sum());
    assertEquals(1, histogram.counts()[0]);
    assertEquals(2, histogram.counts()[Histogram.BINS - 1]);
    assertEquals(List.of(1, 1), List.of(histogram.counts()[10], histogram.counts()[20]));
  }

  @Test
  void histogramsOfOneValueAndOfNoneAreDefined() {
    Histogram same = Histogram.of(new float[] {2, 2, 2}, 3);
    assertEquals(3, same.counts()[0]);
    Histogram none = Histogram.of(new float[] {Float.NaN}, 1);
    assertEquals(0, none.counts().length);
    assertEquals(1, none.notFinite());
    Histogram wide = Histogram.of(new float[] {-Float.MAX_VALUE, Float.MAX_VALUE}, 2);
    assertEquals(1, wide.counts()[Histogram.BINS - 1]);
  }
}
