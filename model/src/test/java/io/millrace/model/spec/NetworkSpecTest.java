package io.millrace.model.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.model.tensor.Shape;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NetworkSpecTest {
  private static final Shape IMAGE = Shape.of(3, 8, 6);
  private static final NodeSpec FLAT = node("flat", new OperationSpec.Flatten(), "input");
  private static final NodeSpec HEAD = node("head", new OperationSpec.Linear(10, true), "flat");

  private static NodeSpec node(String name, OperationSpec operation, String... inputs) {
    return new NodeSpec(name, operation, List.of(inputs));
  }

  private static NetworkSpec network(NodeSpec... nodes) {
    return new NetworkSpec("net", IMAGE, List.of(nodes), LossSpec.SOFTMAX_CROSS_ENTROPY);
  }

  private static void assertMistake(String message, NodeSpec... nodes) {
    SpecException e = assertThrows(SpecException.class, () -> network(nodes));
    assertEquals(message, e.getMessage());
  }

  @Test
  void everyLayerHasAShape() {
    NetworkSpec network =
        network(
            node(
                "conv",
                new OperationSpec.Conv2d(
                    12,
                    new Size2d(3, 2),
                    new Size2d(2, 1),
                    new Size2d(1, 0),
                    new Size2d(2, 3),
                    3,
                    true),
                "input"),
            node("norm", OperationSpec.BatchNorm2d.withDefaults(), "conv"),
            node("relu", new OperationSpec.LeakyRelu(0.1f), "norm"),
            node("sum", new OperationSpec.Add(), "relu", "conv"),
            node("cat", new OperationSpec.Concat(), "sum", "relu"),
            node(
                "max",
                new OperationSpec.MaxPool2d(new Size2d(3, 2), new Size2d(1, 1), new Size2d(1, 0)),
                "cat"),
            node("avg", OperationSpec.AveragePool2d.of(2), "cat"),
            node("left", new OperationSpec.Flatten(), "max"),
            node("right", new OperationSpec.GlobalAveragePool(), "avg"),
            node("rows", new OperationSpec.Concat(), "left", "right"),
            node("drop", new OperationSpec.Dropout(0.5f), "rows"),
            node("head", new OperationSpec.Linear(10, false), "drop"));
    // conv: floor((8 + 2 - 2*2 - 1) / 2) + 1 = 3 rows, floor((6 - 3*1 - 1) / 1) + 1 = 3 columns.
    assertEquals(
        Map.ofEntries(
            Map.entry("input", IMAGE),
            Map.entry("conv", Shape.of(12, 3, 3)),
            Map.entry("norm", Shape.of(12, 3, 3)),
            Map.entry("relu", Shape.of(12, 3, 3)),
            Map.entry("sum", Shape.of(12, 3, 3)),
            Map.entry("cat", Shape.of(24, 3, 3)),
            Map.entry("max", Shape.of(24, 3, 2)),
            Map.entry("avg", Shape.of(24, 1, 1)),
            Map.entry("left", Shape.of(144)),
            Map.entry("right", Shape.of(24)),
            Map.entry("rows", Shape.of(168)),
            Map.entry("drop", Shape.of(168)),
            Map.entry("head", Shape.of(10))),
        NetworkShapes.infer(network));
    assertEquals("head", network.output());
    assertEquals(10, network.classes());
    assertEquals(
        List.of(
            new ParameterSpec("conv.weight", Shape.of(12, 1, 3, 2), ParameterSpec.Role.WEIGHT),
            new ParameterSpec("conv.bias", Shape.of(12), ParameterSpec.Role.BIAS),
            new ParameterSpec("norm.weight", Shape.of(12), ParameterSpec.Role.NORM_WEIGHT),
            new ParameterSpec("norm.bias", Shape.of(12), ParameterSpec.Role.NORM_BIAS),
            new ParameterSpec("norm.running_mean", Shape.of(12), ParameterSpec.Role.RUNNING_MEAN),
            new ParameterSpec("norm.running_var", Shape.of(12), ParameterSpec.Role.RUNNING_VAR),
            new ParameterSpec("head.weight", Shape.of(10, 168), ParameterSpec.Role.WEIGHT)),
        NetworkParameters.list(network));
    // conv 2*72*9, norm 2*108, relu 108, sum 108, max 5*144, avg 4*24, right 24, head 2*1680.
    assertEquals(1296 + 216 + 108 + 108 + 720 + 96 + 24 + 3360, NetworkFlops.forward(network));
  }

  @Test
  void theFingerprintIsOfTheCanonicalText() {
    NetworkSpec network = network(FLAT, HEAD);
    assertEquals(
        """
        network net
        input [3, 8, 6]
        flat = flatten[input]{}
        head = linear[flat]{bias=true, outFeatures=10}
        loss softmaxCrossEntropy
        """,
        network.canonicalText());
    assertEquals(
        "cc1524bc0a8714e8635219b3ae5028521e0300f5cecf3d2a174d78d872542d2a", network.fingerprint());
  }

  @Test
  void theFingerprintTellsNetworksApart() {
    NetworkSpec network = network(FLAT, HEAD);
    NetworkSpec other = network(FLAT, node("head", new OperationSpec.Linear(10, false), "flat"));
    assertNotEquals(network.fingerprint(), other.fingerprint());
    assertEquals(network.fingerprint(), network(FLAT, HEAD).fingerprint());
  }

  @Test
  void namesAreChecked() {
    assertEquals(
        "name: expected at most 100 letters, digits, '.', '_' and '-', a letter or digit first,"
            + " got a/b",
        assertThrows(
                SpecException.class,
                () -> new NetworkSpec("a/b", IMAGE, List.of(FLAT, HEAD), LossSpec.SQUARED_ERROR))
            .getMessage());
    assertEquals(
        "layer a/b: expected a name of at most 64 letters, digits, '_', '-' and inner dots that"
            + " begins with a letter",
        assertThrows(SpecException.class, () -> node("a/b", new OperationSpec.Relu(), "input"))
            .getMessage());
    assertEquals(
        "layer input: this name is the network's own input; choose another name",
        assertThrows(SpecException.class, () -> node("input", new OperationSpec.Relu(), "input"))
            .getMessage());
    assertEquals("layer1.0.conv", node("layer1.0.conv", new OperationSpec.Relu(), "x").name());
  }

  @Test
  void theNumberOfInputsIsChecked() {
    assertEquals(
        "layer a: inputs: relu expected exactly one input, got [x, y]",
        assertThrows(SpecException.class, () -> node("a", new OperationSpec.Relu(), "x", "y"))
            .getMessage());
    assertEquals(
        "layer a: inputs: add expected two or more inputs, got [x]",
        assertThrows(SpecException.class, () -> node("a", new OperationSpec.Add(), "x"))
            .getMessage());
  }

  @Test
  void theGraphIsChecked() {
    assertMistake("layers: expected at least one layer, got none");
    assertMistake(
        "layer a: inputs: nowhere is no layer; expected one of the layers before this one",
        node("a", new OperationSpec.Relu(), "nowhere"));
    assertMistake(
        "layer a: inputs: b does not stand before this layer; order the layers so that each takes"
            + " only earlier ones (a cycle cannot be ordered)",
        node("a", new OperationSpec.Add(), "input", "b"),
        node("b", new OperationSpec.Relu(), "a"));
    assertMistake(
        "layer flat: a layer of this name stands before; rename one of the two", FLAT, FLAT);
    assertMistake(
        "layer side: no layer takes its output and it is not the last; name it in the inputs of a"
            + " later layer, or remove it",
        FLAT,
        node("side", new OperationSpec.Relu(), "flat"),
        HEAD);
  }

  @Test
  void shapesAreChecked() {
    assertMistake(
        "layer head: inputs: linear expected [N, F], got [N, 3, 8, 6] from input; put a flatten or"
            + " globalAveragePool layer before it",
        node("head", new OperationSpec.Linear(10, true), "input"));
    assertMistake(
        "layer conv: inputs: conv2d expected [N, C, H, W], got [N, 144] from flat",
        FLAT,
        node("conv", OperationSpec.Conv2d.of(6, 3), "flat"));
    assertMistake(
        "layer conv: kernel: expected a window that fits the padded input 10x8, got 9x9 on input"
            + " [N, 3, 8, 6]",
        node("conv", OperationSpec.Conv2d.of(6, 3).withDilation(4).withPadding(1), "input"));
    assertMistake(
        "layer conv: groups: expected a divisor of the 3 input channels, got 2",
        node("conv", OperationSpec.Conv2d.of(6, 3).withGroups(2), "input"));
    assertMistake(
        "layer pool: kernel: expected a window that fits the padded input 8x6, got 7x7 on input"
            + " [N, 3, 8, 6]",
        node("pool", OperationSpec.MaxPool2d.of(7), "input"));
    assertMistake(
        "layer sum: inputs: expected equal shapes, got [N, 3, 8, 6] from input and [N, 6, 8, 6]"
            + " from conv; a 1x1 convolution with a stride can bring one to the other's shape",
        node("conv", OperationSpec.Conv2d.of(6, 3).withPadding(1), "input"),
        node("sum", new OperationSpec.Add(), "input", "conv"));
    assertMistake(
        "layer cat: inputs: expected shapes that differ in channels only, got [N, 3, 8, 6] from"
            + " input and [N, 144] from flat",
        FLAT,
        node("cat", new OperationSpec.Concat(), "input", "flat"));
    assertMistake(
        "layer relu: expected the last layer to give one row of two or more classes per image, got"
            + " [3, 8, 6]; end with a linear layer",
        node("relu", new OperationSpec.Relu(), "input"));
    assertMistake(
        "layer head: expected the last layer to give one row of two or more classes per image, got"
            + " [1]; end with a linear layer",
        FLAT,
        node("head", new OperationSpec.Linear(1, true), "flat"));
  }

  @Test
  void tensorsThatNoArrayHoldsAreRefused() {
    assertMistake(
        "layer wide: shape [1048576, 1048576]: expected fewer than 2^31 elements, which is what one"
            + " array can hold",
        FLAT,
        node("wide1", new OperationSpec.Linear(1 << 20, true), "flat"),
        node("wide", new OperationSpec.Linear(1 << 20, true), "wide1"));
  }

  @Test
  void lossesAreReadByName() {
    for (LossSpec loss : LossSpec.values()) {
      assertEquals(loss, LossSpec.parse(loss.text()));
    }
    assertEquals(
        "loss: expected one of softmaxCrossEntropy, squaredError, got hinge",
        assertThrows(SpecException.class, () -> LossSpec.parse("hinge")).getMessage());
  }

  @Test
  void aNameOfAnyLengthIsRefusedAndEndsNoStack() {
    SpecException e =
        assertThrows(
            SpecException.class,
            () -> node("a" + ".b".repeat(100_000), new OperationSpec.Flatten()));
    assertEquals(
        "layer a"
            + ".b".repeat(31)
            + "."
            + "...: expected a name of at most 64 letters, digits, '_', '-' and inner dots that"
            + " begins with a letter",
        e.getMessage());
  }

  @Test
  void moreFeaturesThanAnIntCountsAreRefused() {
    Shape large = Shape.of(16, 8192, 8192);
    NodeSpec both = node("both", new OperationSpec.Concat(), "flat", "flat");
    SpecException e =
        assertThrows(
            SpecException.class,
            () ->
                new NetworkSpec("net", large, List.of(FLAT, both), LossSpec.SOFTMAX_CROSS_ENTROPY));
    assertEquals(
        "layer both: shape [2147483647]: expected fewer than 2^31 elements, which is what one array"
            + " can hold",
        e.getMessage());
  }
}
