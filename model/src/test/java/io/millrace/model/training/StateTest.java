package io.millrace.model.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.model.kernel.ScalarKernels;
import io.millrace.model.optimizer.ConstantSchedule;
import io.millrace.model.optimizer.OptimizerSpec;
import io.millrace.model.spec.InitializationSpec;
import io.millrace.model.spec.NetworkSpec;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The state is all that later steps depend on, and every part of it counts. */
class StateTest {
  private static final int STEPS = 7;
  private final NetworkSpec network = TestNetworks.everything();

  private String uninterrupted() {
    try (Learner learner = TestNetworks.learner(network)) {
      TestNetworks.train(learner, network, 0, 2 * STEPS);
      return learner.state().sha256();
    }
  }

  /** Trains, copies what {@code restored} accepts into a fresh learner, and goes on there. */
  private String restarted(Predicate<String> restored, boolean restoreStep) {
    try (Learner before = TestNetworks.learner(network);
        Learner after = TestNetworks.learner(network)) {
      TestNetworks.train(before, network, 0, STEPS);
      // What the fresh learner did before it is restored must not matter.
      TestNetworks.train(after, network, 3, 5);
      for (int i = 0; i < before.state().tensors().size(); i++) {
        StateTensor from = before.state().tensors().get(i);
        StateTensor to = after.state().tensors().get(i);
        assertEquals(from.name(), to.name());
        if (restored.test(from.name())) {
          float[] data = from.tensor().data();
          System.arraycopy(data, 0, to.tensor().data(), 0, data.length);
        }
      }
      if (restoreStep) {
        after.state().step(before.step());
      }
      TestNetworks.train(after, network, STEPS, 2 * STEPS);
      // The step is part of the hash; what is asked here is whether the tensors differ.
      after.state().step(2L * STEPS);
      return after.state().sha256();
    }
  }

  @Test
  void goesOnFromRestoredStateWithTheSameBits() {
    assertEquals(uninterrupted(), restarted(_ -> true, true));
  }

  @Test
  void theStepCounts() {
    assertNotEquals(uninterrupted(), restarted(_ -> true, false));
  }

  @TestFactory
  Stream<DynamicTest> everyTensorCounts() {
    String expected = uninterrupted();
    List<String> names;
    try (Learner learner = TestNetworks.learner(network)) {
      names = learner.state().tensors().stream().map(StateTensor::name).toList();
    }
    return names.stream()
        .map(left ->
            DynamicTest.dynamicTest(
                "without " + left,
                () ->
                    assertNotEquals(expected, restarted(name -> !name.equals(left), true), left)));
  }

  @Test
  void listsParametersThenBuffersThenVelocitiesInTheOrderOfTheLayers() {
    try (Learner learner = TestNetworks.learner(network)) {
      List<String> names = learner.state().tensors().stream().map(StateTensor::name).toList();
      assertEquals(
          List.of(
              "conv1.weight",
              "conv1.bias",
              "bn1.weight",
              "bn1.bias",
              "conv2.weight",
              "conv2.bias",
              "bn2.weight",
              "bn2.bias",
              "conv3.weight",
              "fc1.weight",
              "fc1.bias",
              "fc2.weight",
              "fc2.bias"),
          names.subList(0, 13));
      assertEquals(
          List.of("bn1.running_mean", "bn1.running_var", "bn2.running_mean", "bn2.running_var"),
          names.subList(13, 17));
      assertEquals(
          names.subList(0, 13).stream().map(name -> name + ".velocity").toList(),
          names.subList(17, names.size()));
      assertEquals(StateTensor.Kind.BUFFER, learner.state().tensors().get(13).kind());
      assertEquals(
          names.subList(0, 17), List.copyOf(learner.state().parametersAndBuffers().keySet()));
    }
  }

  @Test
  void withoutMomentumThereAreNoVelocities() {
    try (Learner learner =
        Learner.create(
            network,
            OptimizerSpec.plain(),
            new ConstantSchedule(0.1),
            1,
            InitializationSpec.withDefaults(),
            4,
            1,
            new ScalarKernels())) {
      assertTrue(
          learner.state().tensors().stream()
              .noneMatch(tensor -> tensor.kind() == StateTensor.Kind.VELOCITY));
    }
  }

  @Test
  void theHashSeesEveryElementAndTheStep() {
    try (Learner learner = TestNetworks.learner(TestNetworks.plain())) {
      String before = learner.state().sha256();
      for (StateTensor tensor : learner.state().tensors()) {
        float[] data = tensor.tensor().data();
        float last = data[data.length - 1];
        data[data.length - 1] = Math.nextUp(last);
        assertNotEquals(before, learner.state().sha256(), tensor.name());
        data[data.length - 1] = last;
      }
      learner.state().step(1);
      assertNotEquals(before, learner.state().sha256());
      learner.state().step(0);
      assertEquals(before, learner.state().sha256());
      assertEquals(
          "step: expected at least 0, got -1",
          assertThrows(IllegalArgumentException.class, () -> learner.state().step(-1))
              .getMessage());
    }
  }
}
