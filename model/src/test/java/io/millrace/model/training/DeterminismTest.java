package io.millrace.model.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.model.kernel.Kernels;
import io.millrace.model.kernel.ScalarKernels;
import io.millrace.model.kernel.VectorKernels;
import io.millrace.model.spec.InitializationSpec;
import io.millrace.model.spec.NetworkSpec;
import org.junit.jupiter.api.Test;

class DeterminismTest {
  private static final int STEPS = 12;

  private static String train(NetworkSpec network, int threads, Kernels kernels) {
    try (Learner learner = TestNetworks.learner(network, threads, kernels)) {
      TestNetworks.train(learner, network, 0, STEPS);
      return learner.state().sha256();
    }
  }

  @Test
  void threadsAndKernelsDoNotChangeABit() {
    for (NetworkSpec network :
        new NetworkSpec[] {
          TestNetworks.everything(),
          TestNetworks.plain(),
          TestNetworks.everyPlan(),
          TestNetworks.residual()
        }) {
      String expected = train(network, 1, new ScalarKernels());
      for (int threads : new int[] {1, 2, 5}) {
        assertEquals(expected, train(network, threads, new ScalarKernels()), "scalar " + threads);
        assertEquals(expected, train(network, threads, new VectorKernels()), "vector " + threads);
      }
    }
  }

  @Test
  void aLargerMaximumMinibatchDoesNotChangeABit() {
    NetworkSpec network = TestNetworks.everything();
    String expected = train(network, 1, new ScalarKernels());
    try (Learner learner =
        Learner.create(
            network,
            TestNetworks.optimizer(),
            TestNetworks.schedule(),
            TestNetworks.SEED,
            InitializationSpec.withDefaults(),
            3 * TestNetworks.MAX_BATCH,
            2,
            new VectorKernels())) {
      TestNetworks.train(learner, network, 0, STEPS);
      assertEquals(expected, learner.state().sha256());
    }
  }
}
