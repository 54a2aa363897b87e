package io.millrace.model.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.model.kernel.Conv2dShape;
import io.millrace.model.kernel.ScalarKernels;
import io.millrace.model.kernel.Workers;
import io.millrace.model.math.CounterRandom;
import io.millrace.model.tensor.Shape;
import io.millrace.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Memory is shared by what never meets, and sharing it changes nothing. */
class ArenaTest {
  private static final int BATCH = 10;

  private static Buffer buffer(int elements, int first, int last) {
    Buffer buffer = new Buffer(elements);
    buffer.use(first);
    buffer.use(last);
    return buffer;
  }

  @Test
  void buffersShareASlabUnlessTheirLifetimesMeet() {
    Buffer early = buffer(10, 0, 2);
    Buffer late = buffer(7, 3, 5);
    Buffer across = buffer(8, 2, 3);
    Arena arena = new Arena();
    arena.place(List.of(late, early, across));
    assertSame(early.array(), late.array());
    assertNotSame(early.array(), across.array());
    assertEquals(10, late.array().length);
    assertEquals(25, arena.requested());
    assertEquals(18, arena.reserved());
  }

  @Test
  void whatIsPinnedSharesNothing() {
    Buffer pinned = new Buffer(4);
    pinned.pin();
    Buffer other = buffer(4, 7, 7);
    new Arena().place(List.of(pinned, other));
    assertNotSame(pinned.array(), other.array());
  }

  @Test
  void whatIsNeverUsedTakesNoMemory() {
    Buffer unused = new Buffer(4);
    Arena arena = new Arena();
    arena.place(List.of(unused));
    assertEquals(0, unused.array().length);
    assertEquals(0, arena.reserved());
  }

  @Test
  void sharingMemoryChangesNoGradient() {
    try (Workers workers = new Workers(3)) {
      Network shared = new Network(workers, new Arena());
      Network apart = new Network(workers, new Arena(false));
      assertTrue(shared.graph.elementsReserved() < apart.graph.elementsReserved() * 2 / 3);
      assertEquals(shared.graph.elementsUsed(), apart.graph.elementsReserved());
      for (int step = 0; step < 3; step++) {
        List<float[]> expected = apart.gradients(step);
        List<float[]> actual = shared.gradients(step);
        for (int i = 0; i < expected.size(); i++) {
          assertTrue(Arrays.equals(expected.get(i), actual.get(i)), "parameter " + i);
        }
      }
    }
  }

  /** Two residual blocks: convolutions, batch norms, shortcuts, and a linear layer. */
  private static final class Network {
    private final List<Parameter> parameters = new ArrayList<>();
    private final Input x = new Input("x", Shape.of(16, 6, 5));
    private final Pass pass;
    private final Loss loss;
    private final Graph graph;

    Network(Workers workers, Arena arena) {
      Node block = x;
      for (int i = 0; i < 2; i++) {
        Node inner = norm("bn1" + i, convolution("conv1" + i, block), null);
        block = norm("bn2" + i, convolution("conv2" + i, inner), block);
      }
      Operation rows = new Flatten("flat", block);
      Operation fc = new Linear("fc", rows, parameter("fc.weight", 3, 480), null);
      loss = new SoftmaxCrossEntropy("loss", fc);
      pass = new Pass(new ScalarKernels(), workers, BATCH, true, 0);
      graph = new Graph(loss, pass, arena);
      for (int i = 0; i < parameters.size(); i++) {
        fill(i, parameters.get(i).tensor().data());
      }
    }

    private Operation convolution(String name, Node input) {
      Conv2dShape shape = new Conv2dShape(16, 6, 5, 16, 3, 3, 1, 1, 1, 1, 1, 1, 1);
      return new Conv2d(name, input, parameter(name, 16, 16, 3, 3), null, shape, false);
    }

    private Operation norm(String name, Node input, @Nullable Node shortcut) {
      Tensor mean = Tensor.zeros(Shape.of(16));
      Tensor variance = Tensor.zeros(Shape.of(16));
      Parameter weight = parameter(name + ".weight", 16);
      Parameter bias = parameter(name + ".bias", 16);
      return new BatchNorm2d(
          name, input, weight, bias, mean, variance, 1e-5f, 0.1f, shortcut, true);
    }

    private Parameter parameter(String name, int... shape) {
      Parameter parameter = new Parameter(name + "/w", Shape.of(shape));
      parameters.add(parameter);
      return parameter;
    }

    List<float[]> gradients(int step) {
      float[] images = new float[BATCH * x.elements()];
      fill(100 + step, images);
      x.source(images);
      for (int n = 0; n < BATCH; n++) {
        loss.labels()[n] = n % 3;
      }
      pass.begin(BATCH - step, step);
      graph.prepare();
      graph.forwardAndBackward(0.1f);
      return parameters.stream().map(parameter -> parameter.gradient().clone()).toList();
    }

    private static void fill(int site, float[] values) {
      for (int i = 0; i < values.length; i++) {
        values[i] = 2 * CounterRandom.uniform(1, 0, site, i) - 1;
      }
    }
  }
}
