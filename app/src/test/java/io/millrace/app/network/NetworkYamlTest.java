package io.millrace.app.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.app.yaml.ConfigException;
import io.millrace.model.spec.LossSpec;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.spec.NodeSpec;
import io.millrace.model.spec.OperationSpec;
import io.millrace.model.spec.Size2d;
import io.millrace.model.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkYamlTest {
  private static final String HEAD =
      """
      name: net
      input: {channels: 3, height: 8, width: 8}
      layers:
      """;

  private static final String TAIL =
      """
        - flatten: flatten
        - fc: {type: linear, outFeatures: 10}
      """;

  private static String mistake(String text) {
    return String.valueOf(
        assertThrows(ConfigException.class, () -> NetworkYaml.parse("net.yaml", text))
            .getMessage());
  }

  @Test
  void everyFormOfALayerIsRead() {
    NetworkSpec network =
        NetworkYaml.parse(
            "net.yaml",
            """
            name: net
            input: {channels: 3, height: 8, width: 6}
            loss: squaredError
            layers:
              - conv1:
                  type: conv2d
                  outChannels: 3
                  kernel: [3, 5]
                  padding: [1, 2]
                  bias: false
              - relu1: relu
              - norm: {type: batchNorm2d, epsilon: 1e-3}
              - sum: {type: add, inputs: [norm, input, conv1]}
              - flatten: {type: flatten, inputs: sum}
              - fc: {type: linear, outFeatures: 10}
            """);
    Size2d one = Size2d.square(1);
    assertEquals(
        new NetworkSpec(
            "net",
            Shape.of(3, 8, 6),
            List.of(
                new NodeSpec(
                    "conv1",
                    new OperationSpec.Conv2d(
                        3, new Size2d(3, 5), one, new Size2d(1, 2), one, 1, false),
                    List.of("input")),
                new NodeSpec("relu1", new OperationSpec.Relu(), List.of("conv1")),
                new NodeSpec("norm", new OperationSpec.BatchNorm2d(1e-3f, 0.1f), List.of("relu1")),
                new NodeSpec("sum", new OperationSpec.Add(), List.of("norm", "input", "conv1")),
                new NodeSpec("flatten", new OperationSpec.Flatten(), List.of("sum")),
                new NodeSpec("fc", new OperationSpec.Linear(10, true), List.of("flatten"))),
            LossSpec.SQUARED_ERROR),
        network);
  }

  @Test
  void theLossIsCrossEntropyUnlessSaid() {
    assertEquals(LossSpec.SOFTMAX_CROSS_ENTROPY, NetworkYaml.parse("net.yaml", HEAD + TAIL).loss());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          conv1: {type: conv, outChannels: 6, kernel: 3} | net.yaml:4:19: layer conv1: type: unknown type conv; did you mean conv2d?
          conv1: {type: convolution, outChannels: 6} | net.yaml:4:19: layer conv1: type: unknown type convolution; expected one of add, averagePool2d, batchNorm2d, concat, conv2d, dropout, flatten, globalAveragePool, leakyRelu, linear, maxPool2d, relu
          relu1: Relu | net.yaml:4:12: layer relu1: type: unknown type Relu; did you mean relu?
          relu1: | net.yaml:4:11: layer relu1: expected a type such as relu, or attributes such as {type: conv2d, outChannels: 6, kernel: 5}, got nothing
          relu1: [relu] | net.yaml:4:12: layer relu1: expected a type such as relu, or attributes such as {type: conv2d, outChannels: 6, kernel: 5}, got a list
          relu1: {typ: relu} | net.yaml:4:5: layer relu1: type: missing; expected one of add, averagePool2d, batchNorm2d, concat, conv2d, dropout, flatten, globalAveragePool, leakyRelu, linear, maxPool2d, relu
          relu1: {type: [relu]} | net.yaml:4:19: layer relu1: type: expected a value, got a list
          conv1: {type: conv2d, outChannel: 6, kernel: 3} | net.yaml:4:27: layer conv1: outChannel: unknown attribute of conv2d; did you mean outChannels?
          relu1: {type: relu, slope: 6} | net.yaml:4:25: layer relu1: slope: unknown attribute of relu; expected one of type, inputs
          conv1: {type: conv2d, kernel: 3} | net.yaml:4:5: layer conv1: outChannels: missing; expected a whole number
          conv1: conv2d | net.yaml:4:5: layer conv1: outChannels: missing; expected a whole number
          conv1: {type: conv2d, outChannels: 0, kernel: 3} | net.yaml:4:40: layer conv1: outChannels: expected a whole number from 1 to 1048576, got 0
          conv1: {type: conv2d, outChannels: six, kernel: 3} | net.yaml:4:40: layer conv1: outChannels: expected a whole number, got six
          conv1: {type: conv2d, outChannels: 6, kernel: [3, 0]} | net.yaml:4:51: layer conv1: kernel: expected height and width from 1 to 1024, got 3x0
          conv1: {type: conv2d, outChannels: 6, kernel: [3]} | net.yaml:4:51: layer conv1: kernel: expected a value, got a list
          conv1: {type: conv2d, outChannels: 6, kernel: [3, [3]]} | net.yaml:4:55: layer conv1: kernel: expected a value, got a list
          conv1: {type: conv2d, outChannels: 6, kernel: 3, bias: no} | net.yaml:4:60: layer conv1: bias: expected true or false, got no
          conv1: {type: conv2d, outChannels: 6, kernel: 3, groups: 4} | net.yaml:4:62: layer conv1: groups: expected a divisor of the 6 outChannels, got 4
          conv1: {type: conv2d, outChannels: 6, kernel: 3, groups: 2} | net.yaml:4:62: layer conv1: groups: expected a divisor of the 3 input channels, got 2
          conv1: {type: conv2d, outChannels: 6, kernel: 9} | net.yaml:4:51: layer conv1: kernel: expected a window that fits the padded input 8x8, got 9x9 on input [N, 3, 8, 8]
          drop: {type: dropout, probability: 1.0} | net.yaml:4:40: layer drop: probability: expected a number in [0, 1), got 1.0
          pool: {type: maxPool2d, kernel: 3, padding: 2} | net.yaml:4:49: layer pool: padding: expected at most half the kernel 3x3, got 2x2
          fc1: {type: linear, outFeatures: 10} | net.yaml:4:5: layer fc1: inputs: linear expected [N, F], got [N, 3, 8, 8] from input; put a flatten or globalAveragePool layer before it
          relu1: {type: relu, inputs: [inptu]} | net.yaml:4:34: layer relu1: inputs: inptu is no layer; did you mean input?
          relu1: {type: relu, inputs: relu1} | net.yaml:4:33: layer relu1: inputs: expected an earlier layer, got the layer itself; layers stand in the order in which they are computed, without cycles
          sum: {type: add, inputs: [input, fc]} | net.yaml:4:38: layer sum: inputs: expected an earlier layer, got fc, which stands later, at net.yaml:6:5; layers stand in the order in which they are computed, without cycles
          sum: add | net.yaml:4:5: layer sum: inputs: missing; expected the names of two or more earlier layers, such as [conv1, relu2]
          sum: {type: add, inputs: [input]} | net.yaml:4:30: layer sum: inputs: add expected two or more inputs, got [input]
          relu1: {type: relu, inputs: []} | net.yaml:4:33: layer relu1: inputs: relu expected exactly one input, got []
          relu1: {type: relu, inputs: [input, input]} | net.yaml:4:33: layer relu1: inputs: relu expected exactly one input, got [input, input]
          relu1: {type: relu, inputs: ~} | net.yaml:4:33: layer relu1: inputs: expected a value, got nothing
          fc: relu | net.yaml:6:5: layer fc: a layer of this name stands at net.yaml:4:5; rename one of the two
          input: relu | net.yaml:4:5: layer input: this name is the network's own input; choose another name
          a/b: relu | net.yaml:4:5: layer a/b: expected a name of at most 64 letters, digits, '_', '-' and inner dots that begins with a letter
          relu | net.yaml:4:5: layers: expected a layer such as conv1: {type: conv2d, outChannels: 6, kernel: 5}, got relu
          {relu1: relu, relu2: relu} | net.yaml:4:5: layers: expected one layer such as conv1: {type: conv2d, outChannels: 6, kernel: 5}, got the keys relu1, relu2; indent a layer's attributes below its name
          """)
  void aMistakeInALayerIsLocated(String layer, String message) {
    assertEquals(message, mistake(HEAD + "  - " + layer + "\n" + TAIL));
  }

  @Test
  void shapesOfAResidualConnectionMustAgree() {
    assertEquals(
        "net.yaml:5:30: layer sum: inputs: expected equal shapes, got [N, 6, 4, 4] from conv1 and"
            + " [N, 3, 8, 8] from input; a 1x1 convolution with a stride can bring one to the"
            + " other's shape",
        mistake(
            HEAD
                + """
                  - conv1: {type: conv2d, outChannels: 6, kernel: 3, stride: 2, padding: 1}
                  - sum: {type: add, inputs: [conv1, input]}
                """
                + TAIL));
  }

  @Test
  void aLayerThatNobodyTakesIsAMistake() {
    assertEquals(
        "net.yaml:4:5: layer relu1: no layer takes its output and it is not the last; name it in"
            + " the inputs of a later layer, or remove it",
        mistake(HEAD + "  - relu1: relu\n  - relu2: {type: relu, inputs: input}\n" + TAIL));
  }

  @Test
  void theLastLayerGivesClasses() {
    assertEquals(
        "net.yaml:4:5: layer relu1: expected the last layer to give one row of two or more classes"
            + " per image, got [3, 8, 8]; end with a linear layer",
        mistake(HEAD + "  - relu1: relu\n"));
  }

  @Test
  void attributesThatAreNotIndentedAreAMistake() {
    assertEquals(
        "net.yaml:4:5: layers: expected one layer such as conv1: {type: conv2d, outChannels: 6,"
            + " kernel: 5}, got the keys relu1, type; indent a layer's attributes below its name",
        mistake(HEAD + "  - relu1:\n    type: relu\n" + TAIL));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          name: net | net.yaml:1:1: layers: missing; expected a list of layers
          name: a/b | net.yaml:1:7: name: expected at most 100 letters, digits, '.', '_' and '-', a letter or digit first, got a/b
          nmae: net | net.yaml:1:1: nmae: unknown key; did you mean name?
          loss: hinge | net.yaml:1:7: loss: expected one of softmaxCrossEntropy, squaredError, got hinge
          optimizer: sgd | net.yaml:1:1: optimizer: unknown key; expected one of name, input, loss, layers
          input: {channels: 1, height: 28} | net.yaml:1:8: input.width: missing; expected a whole number from 1 to 65536
          input: {channels: 1, heigth: 28, width: 28} | net.yaml:1:22: input.heigth: unknown key; did you mean height?
          input: {channels: 0, height: 28, width: 28} | net.yaml:1:19: input.channels: expected a whole number from 1 to 65536, got 0
          input: {channels: 65536, height: 65536, width: 28} | net.yaml:1:8: input: shape [65536, 65536, 28]: expected fewer than 2^31 elements, which is what one array can hold
          input: [1, 28, 28] | net.yaml:1:8: input: expected a section with keys, got a list
          laeyrs: relu | net.yaml:1:1: laeyrs: unknown key; did you mean layers?
          layers: relu | net.yaml:1:9: layers: expected a list of layers, got relu
          layers: [] | net.yaml:1:9: layers: expected at least one layer, got none
          """)
  void aMistakeAboveTheLayersIsLocated(String line, String message) {
    StringBuilder text = new StringBuilder(line).append('\n');
    if (!line.startsWith("name") && !line.startsWith("nmae")) {
      text.append("name: net\n");
    }
    if (!line.startsWith("input")) {
      text.append("input: {channels: 1, height: 28, width: 28}\n");
    }
    if (!line.startsWith("la") && !line.equals("name: net")) {
      text.append("layers:\n").append(TAIL);
    }
    assertEquals(message, mistake(text.toString()));
  }

  @Test
  void whatIsNoSettingsFileIsRefused() {
    assertEquals("net.yaml: expected keys with values, got an empty file", mistake(""));
    assertEquals(
        "net.yaml:5:1: not YAML: a tab cannot indent; use spaces",
        mistake(HEAD + "  - relu1:\n\ttype: relu\n"));
    assertEquals(
        "net.yaml:4:12: anchors (&) and aliases (*) are not supported; write the value out",
        mistake(HEAD + "  - conv1: &c {type: relu}\n  - conv2: *c\n" + TAIL));
    assertEquals(
        "net.yaml:4:31: inputs: this key stands at net.yaml:4:20 already; remove one of the two",
        mistake(HEAD + "  - a: {type: add, inputs: x, inputs: y}\n" + TAIL));
  }
}
