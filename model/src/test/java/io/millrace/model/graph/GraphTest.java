package io.millrace.model.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.model.kernel.Conv2dShape;
import io.millrace.model.kernel.Pool2dShape;
import io.millrace.model.kernel.ScalarKernels;
import io.millrace.model.kernel.Workers;
import io.millrace.model.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class GraphTest {
  private final Workers workers = new Workers(1);
  private final Pass training = new Pass(new ScalarKernels(), workers, 4, true, 0);

  @AfterEach
  void closeWorkers() {
    workers.close();
  }

  @Test
  void everyNodeStandsOnceAndAfterItsInputs() {
    Input x = new Input("x", Shape.of(3));
    Operation a = new LeakyRelu("a", x, 0);
    Operation b = new LeakyRelu("b", a, 0);
    Operation c = new Add("c", List.of(x, b));
    Operation d = new Concat("d", List.of(c, a, b, c));
    List<Node> nodes = new Graph(d, training).nodes();
    assertEquals(5, nodes.size());
    for (Node node : nodes) {
      for (Node input : node.inputs()) {
        assertTrue(nodes.indexOf(input) < nodes.indexOf(node), input + " before " + node);
      }
    }
  }

  @Test
  void sortsNetworksDeeperThanAThreadsStack() {
    Node last = new Input("x", Shape.of(1));
    for (int i = 0; i < 20_000; i++) {
      last = new LeakyRelu("relu" + i, last, 0);
    }
    assertEquals(20_001, new Graph((Operation) last, training).nodes().size());
  }

  @Test
  void refusesTwoNodesOfOneName() {
    Input x = new Input("x", Shape.of(3));
    Operation twice = new LeakyRelu("a", new LeakyRelu("a", x, 0), 0);
    assertEquals(
        "graph: expected one node of each name, got two named a",
        assertThrows(IllegalArgumentException.class, () -> new Graph(twice, training))
            .getMessage());
  }

  @Test
  void refusesANodeOfAnotherGraph() {
    Input x = new Input("x", Shape.of(3));
    Graph first = new Graph(new LeakyRelu("a", x, 0), training);
    assertEquals(2, first.nodes().size());
    Operation second = new LeakyRelu("b", x, 0);
    assertThrows(IllegalStateException.class, () -> new Graph(second, training));
  }

  @Test
  void makesNoGradientForWhatNeedsNone() {
    Input x = new Input("x", Shape.of(3));
    Operation relu = new LeakyRelu("a", x, 0);
    Parameter weight = new Parameter("w", Shape.of(2, 3));
    Linear linear = new Linear("fc", relu, weight, null);
    Graph graph = new Graph(linear, training);
    assertEquals(0, x.gradient().length);
    assertEquals(0, relu.gradient().length);
    assertEquals(6, weight.gradient().length);
    training.begin(1, 0);
    x.source(new float[] {1, 2, 3});
    graph.prepare();
    graph.forward();
    graph.backward(new float[] {1, -1});
    assertArrayEquals(new float[] {1, 2, 3, -1, -2, -3}, weight.gradient());
  }

  @Test
  void refusesMinibatchesThatNoArrayHolds() {
    Pass huge = new Pass(new ScalarKernels(), workers, 1 << 30, true, 0);
    Operation relu = new LeakyRelu("relu", new Input("x", Shape.of(3)), 0);
    assertEquals(
        "layer x: expected at most 715827861 samples of 3 elements, which is what one array can"
            + " hold, got 1073741824; use smaller minibatches",
        assertThrows(IllegalArgumentException.class, () -> new Graph(relu, huge)).getMessage());
  }

  @Test
  void eachBackwardPassStartsFromZero() {
    Input x = new Input("x", Shape.of(2), true);
    Graph graph = new Graph(new Add("add", List.of(x, x)), training);
    x.source(new float[2]);
    training.begin(1, 0);
    graph.forward();
    graph.backward(new float[] {1, 2});
    graph.backward(new float[] {3, 4});
    assertEquals(6, x.gradient()[0]);
    assertEquals(8, x.gradient()[1]);
  }

  @Test
  void aGraphForEvaluationHasNoGradients() {
    Pass evaluation = new Pass(new ScalarKernels(), workers, 4, false, 0);
    Input x = new Input("x", Shape.of(3), true);
    Graph graph = new Graph(new LeakyRelu("a", x, 0), evaluation);
    assertEquals(0, x.gradient().length);
    evaluation.begin(1, 0);
    assertThrows(IllegalStateException.class, () -> graph.backward(new float[3]));
  }

  @Test
  void evaluationDropsNothing() {
    Pass evaluation = new Pass(new ScalarKernels(), workers, 4, false, 0);
    Input x = new Input("x", Shape.of(3));
    Dropout dropout = new Dropout("drop", x, 0.9f, 1);
    Graph graph = new Graph(dropout, evaluation);
    evaluation.begin(4, 0);
    float[] rows = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    x.source(rows);
    graph.forward();
    assertArrayEquals(rows, dropout.value());
  }

  @Test
  void dropoutDrawsAnewAtEachStep() {
    Input x = new Input("x", Shape.of(64));
    Dropout dropout = new Dropout("drop", x, 0.5f, 1);
    Graph graph = new Graph(dropout, training);
    float[] ones = new float[256];
    Arrays.fill(ones, 1);
    float[][] values = new float[3][];
    long[] steps = {0, 1, 0};
    for (int i = 0; i < 3; i++) {
      training.begin(4, steps[i]);
      x.source(ones);
      graph.forward();
      values[i] = dropout.value().clone();
    }
    assertArrayEquals(values[0], values[2]);
    int different = 0;
    int kept = 0;
    for (int i = 0; i < 256; i++) {
      different += values[0][i] == values[1][i] ? 0 : 1;
      kept += values[0][i] == 2 ? 1 : 0;
    }
    assertTrue(different > 64, "different " + different);
    assertTrue(kept > 96 && kept < 160, "kept " + kept);
  }

  @Test
  void lossesNameTheFirstOfTheHighestScores() {
    Input scores = new Input("scores", Shape.of(3));
    Loss loss = new SoftmaxCrossEntropy("loss", scores);
    Graph graph = new Graph(loss, training);
    training.begin(2, 0);
    scores.source(new float[] {1, 5, 5, -1, -3, -2});
    graph.forward();
    assertEquals(1, loss.predicted()[0]);
    assertEquals(0, loss.predicted()[1]);
  }

  @Test
  void crossEntropyOfHugeScoresIsFinite() {
    Input scores = new Input("scores", Shape.of(2), true);
    Loss loss = new SoftmaxCrossEntropy("loss", scores);
    Graph graph = new Graph(loss, training);
    training.begin(1, 0);
    scores.source(new float[] {3e38f, -3e37f});
    loss.labels()[0] = 0;
    graph.forward();
    graph.backward(new float[] {1});
    assertEquals(0, loss.value()[0]);
    assertEquals(0, scores.gradient()[0]);
    assertEquals(0, scores.gradient()[1]);
  }

  @Test
  void messagesNameTheLayerAndBothShapes() {
    Input image = new Input("x", Shape.of(1, 28, 28));
    Input row = new Input("row", Shape.of(5));
    Parameter weight = new Parameter("w", Shape.of(8, 3, 3, 3));
    Conv2dShape conv = new Conv2dShape(3, 32, 32, 8, 3, 3, 1, 1, 0, 0, 1, 1, 1);
    assertMessage(
        "layer conv1: expected input [3, 32, 32], got [1, 28, 28]",
        () -> new Conv2d("conv1", image, weight, null, conv, false));
    assertMessage(
        "layer fc: expected input [N, F], got [N, 1, 28, 28]",
        () -> new Linear("fc", image, new Parameter("w", Shape.of(2, 784)), null));
    assertMessage(
        "layer fc: expected weight [2, 5], got [2, 784]",
        () -> new Linear("fc", row, new Parameter("w", Shape.of(2, 784)), null));
    assertMessage(
        "layer pool: expected input [2, 4, 4], got [1, 28, 28]",
        () -> new MaxPool2d("pool", image, new Pool2dShape(2, 4, 4, 2, 2, 2, 2, 0, 0)));
    assertMessage(
        "layer add: expected input [5], got [1, 28, 28]",
        () -> new Add("add", List.of(row, image)));
    assertMessage(
        "layer global: expected input [N, C, H, W], got [N, 5]",
        () -> AveragePool2d.global("global", row));
  }

  private static void assertMessage(String expected, Executable executable) {
    assertEquals(expected, assertThrows(IllegalArgumentException.class, executable).getMessage());
  }
}
