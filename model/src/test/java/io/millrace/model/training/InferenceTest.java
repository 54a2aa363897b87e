package io.millrace.model.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.model.graph.Graph;
import io.millrace.model.graph.Pass;
import io.millrace.model.kernel.ScalarKernels;
import io.millrace.model.kernel.VectorKernels;
import io.millrace.model.kernel.Workers;
import io.millrace.model.network.Network;
import io.millrace.model.network.NetworkBuilder;
import io.millrace.model.spec.LossSpec;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.tensor.Shape;
import io.millrace.model.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InferenceTest {
  private static final int CLASSES = 4;
  private final NetworkSpec network = TestNetworks.everything();

  private Map<String, Tensor> trained() {
    try (Learner learner = TestNetworks.learner(network)) {
      TestNetworks.train(learner, network, 0, 10);
      return learner.state().parametersAndBuffers();
    }
  }

  private float[] images(int n) {
    try (Learner learner = TestNetworks.learner(network)) {
      TestNetworks.fill(learner, network, 100, n);
      return learner.images();
    }
  }

  @Test
  void aSampleIsPredictedTheSameWhateverItsCompanyThreadsAndKernels() {
    Map<String, Tensor> tensors = trained();
    float[] images = images(16);
    int elements = network.input().elements();
    float[] together = new float[16 * CLASSES];
    try (Inference many = Inference.create(network, tensors, 16, 3, new VectorKernels())) {
      many.logits(images, 16, together);
    }
    try (Inference single = Inference.create(network, tensors, 1, 1, new ScalarKernels())) {
      float[] image = new float[elements];
      float[] alone = new float[CLASSES];
      for (int n = 0; n < 16; n++) {
        System.arraycopy(images, n * elements, image, 0, elements);
        single.logits(image, 1, alone);
        for (int c = 0; c < CLASSES; c++) {
          assertEquals(together[n * CLASSES + c], alone[c], "sample " + n + " class " + c);
        }
      }
    }
  }

  @Test
  void batchNormFoldedIntoAConvolutionPredictsWhatBothApartDo() {
    NetworkSpec residual = TestNetworks.residual();
    try (Learner learner = TestNetworks.learner(residual);
        Workers workers = new Workers(2)) {
      TestNetworks.train(learner, residual, 0, 10);
      Map<String, Tensor> tensors = learner.state().parametersAndBuffers();
      Network apart = NetworkBuilder.build(residual, true);
      tensors.forEach((name, tensor) ->
          System.arraycopy(tensor.data(), 0, apart.tensor(name).data(), 0, tensor.data().length));
      Pass pass = new Pass(new ScalarKernels(), workers, 16, false, 0);
      Graph graph = new Graph(apart.scores(), pass);
      TestNetworks.fill(learner, residual, 100, 16);
      apart.input().source(learner.images());
      pass.begin(16, 0);
      graph.prepare();
      graph.forward();
      float[] logits = new float[16 * CLASSES];
      try (Inference folded = Inference.create(residual, tensors, 16, 2, new VectorKernels())) {
        folded.logits(learner.images(), 16, logits);
      }
      for (int i = 0; i < logits.length; i++) {
        assertEquals(apart.scores().value()[i], logits[i], 2e-5, "logit " + i);
      }
    }
  }

  @Test
  void moreImagesThanGoThroughAtATimeArePredictedAsFew() {
    NetworkSpec residual = TestNetworks.residual();
    try (Learner learner = TestNetworks.learner(residual)) {
      Map<String, Tensor> tensors = learner.state().parametersAndBuffers();
      TestNetworks.fill(learner, residual, 100, 16);
      int elements = residual.input().elements();
      float[] images = new float[80 * elements];
      for (int n = 0; n < 80; n++) {
        System.arraycopy(learner.images(), n % 16 * elements, images, n * elements, elements);
      }
      float[] few = new float[16 * CLASSES];
      float[] many = new float[80 * CLASSES];
      try (Inference inference = Inference.create(residual, tensors, 80, 2, new VectorKernels())) {
        inference.logits(learner.images(), 16, few);
        inference.logits(images, 75, many);
      }
      for (int i = 0; i < 75 * CLASSES; i++) {
        assertEquals(few[i % few.length], many[i], "logit " + i);
      }
      assertEquals(0, many[75 * CLASSES]);
    }
  }

  @Test
  void probabilitiesAreTheSoftmaxOfTheLogits() {
    try (Inference inference = Inference.create(network, trained(), 16, 1, new ScalarKernels())) {
      float[] images = images(5);
      float[] logits = new float[5 * CLASSES];
      float[] probabilities = new float[5 * CLASSES];
      inference.logits(images, 5, logits);
      inference.predict(images, 5, probabilities);
      for (int n = 0; n < 5; n++) {
        double sum = 0;
        for (int c = 0; c < CLASSES; c++) {
          sum += Math.exp(logits[n * CLASSES + c]);
        }
        for (int c = 0; c < CLASSES; c++) {
          int i = n * CLASSES + c;
          assertEquals(Math.exp(logits[i]) / sum, probabilities[i], 1e-6);
        }
      }
      assertEquals(CLASSES, inference.classes());
      assertEquals(16, inference.maxBatch());
    }
  }

  @Test
  void squaredErrorGivesTheScoresThemselves() {
    NetworkSpec linear = TestNetworks.twoByTwo(LossSpec.SQUARED_ERROR);
    Map<String, Tensor> tensors =
        Map.of(
            "fc.weight", new Tensor(Shape.of(2, 2), new float[] {1, 2, 3, 4}),
            "fc.bias", new Tensor(Shape.of(2), new float[] {0.5f, -0.5f}));
    try (Inference inference = Inference.create(linear, tensors, 2, 1, new ScalarKernels())) {
      float[] output = new float[4];
      inference.predict(new float[] {1, 0, 1, 1}, 2, output);
      assertArrayEquals(new float[] {1.5f, 2.5f, 3.5f, 6.5f}, output);
    }
  }

  @Test
  void predictsWhatTrainingSawOnceItLearned() {
    NetworkSpec plain = TestNetworks.plain();
    try (Learner learner = TestNetworks.learner(plain)) {
      TestNetworks.train(learner, plain, 0, 60);
      try (Inference inference =
          Inference.create(
              plain, learner.state().parametersAndBuffers(), 16, 1, new ScalarKernels())) {
        TestNetworks.fill(learner, plain, 500, 16);
        float[] probabilities = new float[16 * CLASSES];
        inference.predict(learner.images(), 16, probabilities);
        // Without batch norm and dropout, training's forward pass sees the same.
        StepResult result = learner.step(16);
        for (int n = 0; n < 16; n++) {
          int label = learner.labels()[n];
          assertEquals(Math.exp(-result.sampleLoss()[n]), probabilities[n * CLASSES + label], 1e-6);
        }
      }
    }
  }

  @Test
  void keepsItsOwnCopyOfTheWeightsUntilOthersAreLoaded() {
    Map<String, Tensor> tensors = trained();
    float[] images = images(2);
    float[] before = new float[2 * CLASSES];
    float[] after = new float[2 * CLASSES];
    try (Inference inference = Inference.create(network, tensors, 2, 1, new ScalarKernels())) {
      inference.logits(images, 2, before);
      tensors.values().forEach(tensor -> Arrays.fill(tensor.data(), 1));
      inference.logits(images, 2, after);
      assertArrayEquals(before, after);
      inference.load(tensors);
      inference.logits(images, 2, after);
      assertTrue(before[0] != after[0]);
    }
  }

  @Test
  void refusesTensorsThatAreMissingUnknownOrOfAnotherShapeAndKeepsItsOwn() {
    Map<String, Tensor> tensors = trained();
    float[] images = images(1);
    float[] before = new float[CLASSES];
    float[] after = new float[CLASSES];
    try (Inference inference = Inference.create(network, tensors, 1, 1, new ScalarKernels())) {
      inference.logits(images, 1, before);
      Map<String, Tensor> other = new HashMap<>();
      tensors.forEach((name, tensor) -> other.put(name, Tensor.zeros(tensor.shape())));
      other.remove("fc2.bias");
      assertMessage("tensor fc2.bias: expected [4], got none", inference, other);
      other.put("fc2.bias", Tensor.zeros(Shape.of(5)));
      assertMessage("tensor fc2.bias: expected [4], got [5]", inference, other);
      other.put("fc2.bias", Tensor.zeros(Shape.of(4)));
      other.put("fc9.bias", Tensor.zeros(Shape.of(4)));
      assertMessage(
          "tensor fc9.bias: expected one of network everything, which has none such",
          inference,
          other);
      inference.logits(images, 1, after);
      assertArrayEquals(before, after);
    }
  }

  private static void assertMessage(
      String expected, Inference inference, Map<String, Tensor> tensors) {
    assertEquals(
        expected,
        assertThrows(IllegalArgumentException.class, () -> inference.load(tensors)).getMessage());
  }

  @Test
  void refusesArraysThatAreTooShortAndTooManyImages() {
    try (Inference inference = Inference.create(network, trained(), 2, 1, new ScalarKernels())) {
      float[] images = images(3);
      float[] output = new float[3 * CLASSES];
      assertEquals(
          "minibatch: expected 1 to 2 samples, got 3",
          assertThrows(IllegalArgumentException.class, () -> inference.predict(images, 3, output))
              .getMessage());
      assertEquals(
          "images: expected at least 256 floats, got 100",
          assertThrows(
                  IllegalArgumentException.class,
                  () -> inference.predict(new float[100], 2, output))
              .getMessage());
      assertEquals(
          "output: expected at least 8 floats, got 7",
          assertThrows(
                  IllegalArgumentException.class, () -> inference.predict(images, 2, new float[7]))
              .getMessage());
    }
  }
}
