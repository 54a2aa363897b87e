package io.millrace.model.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class OperationSpecTest {
  private static final Size2d ONE = Size2d.square(1);

  /** One of each, away from the defaults. */
  static Stream<OperationSpec> operations() {
    return Stream.of(
        new OperationSpec.Conv2d(
            12, new Size2d(3, 5), new Size2d(1, 2), new Size2d(0, 4), new Size2d(2, 1), 4, false),
        new OperationSpec.Linear(10, false),
        new OperationSpec.Relu(),
        new OperationSpec.LeakyRelu(0.2f),
        new OperationSpec.MaxPool2d(new Size2d(2, 3), new Size2d(1, 2), new Size2d(1, 0)),
        new OperationSpec.AveragePool2d(new Size2d(2, 3), new Size2d(1, 2), new Size2d(0, 1)),
        new OperationSpec.GlobalAveragePool(),
        new OperationSpec.BatchNorm2d(1.1e-7f, 0.3f),
        new OperationSpec.Dropout(0.1f),
        new OperationSpec.Flatten(),
        new OperationSpec.Add(),
        new OperationSpec.Concat());
  }

  @ParameterizedTest
  @MethodSource("operations")
  void parseIsTheInverseOfAttributes(OperationSpec operation) {
    assertEquals(operation, OperationSpec.parse(operation.type(), operation.attributes()));
  }

  @ParameterizedTest
  @MethodSource("operations")
  void attributeNamesAreThoseOfTheAttributes(OperationSpec operation) {
    assertEquals(
        operation.attributes().keySet(),
        new HashSet<>(OperationSpec.attributeNames(operation.type())));
  }

  @Test
  void everyOperationIsCoveredHere() {
    Set<String> covered = operations().map(OperationSpec::type).collect(Collectors.toSet());
    assertEquals(Set.copyOf(OperationSpec.types()), covered);
    assertEquals(OperationSpec.class.getPermittedSubclasses().length, covered.size());
  }

  @Test
  void leftOutAttributesTakeTheDefaultsOfPyTorch() {
    assertEquals(
        new OperationSpec.Conv2d(6, Size2d.square(5), ONE, Size2d.square(0), ONE, 1, true),
        OperationSpec.parse("conv2d", Map.of("outChannels", "6", "kernel", "5")));
    assertEquals(
        new OperationSpec.Linear(10, true),
        OperationSpec.parse("linear", Map.of("outFeatures", "10")));
    assertEquals(new OperationSpec.LeakyRelu(0.01f), OperationSpec.parse("leakyRelu", Map.of()));
    assertEquals(
        new OperationSpec.MaxPool2d(new Size2d(2, 3), new Size2d(2, 3), Size2d.square(0)),
        OperationSpec.parse("maxPool2d", Map.of("kernel", "2x3")));
    assertEquals(
        new OperationSpec.BatchNorm2d(1e-5f, 0.1f), OperationSpec.parse("batchNorm2d", Map.of()));
    assertEquals(new OperationSpec.Dropout(0.5f), OperationSpec.parse("dropout", Map.of()));
  }

  @Test
  void shorthandsMatchTheParsedForms() {
    assertEquals(
        OperationSpec.Conv2d.of(8, 3)
            .withStride(2)
            .withPadding(1)
            .withDilation(3)
            .withGroups(4)
            .withoutBias(),
        OperationSpec.parse(
            "conv2d",
            Map.of(
                "outChannels", "8",
                "kernel", "3",
                "stride", "2",
                "padding", "1",
                "dilation", "3",
                "groups", "4",
                "bias", "false")));
    assertEquals(
        OperationSpec.MaxPool2d.of(2), OperationSpec.parse("maxPool2d", Map.of("kernel", "2")));
    assertEquals(
        OperationSpec.AveragePool2d.of(2),
        OperationSpec.parse("averagePool2d", Map.of("kernel", "2")));
    assertEquals(
        OperationSpec.BatchNorm2d.withDefaults(), OperationSpec.parse("batchNorm2d", Map.of()));
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          conv2d|outChannels=0,kernel=3|outChannels: expected a whole number from 1 to 1048576, got 0
          conv2d|outChannels=1.5,kernel=3|outChannels: expected a whole number, got 1.5
          conv2d|outChannels=9999999999,kernel=3|outChannels: expected a whole number, got 9999999999
          conv2d|kernel=3|outChannels: missing; expected a whole number
          conv2d|outChannels=6|kernel: missing; expected a whole number or height x width such as 3x5
          conv2d|outChannels=6,kernel=0|kernel: expected height and width from 1 to 1024, got 0x0
          conv2d|outChannels=6,kernel=-3|kernel: expected a whole number or height x width such as 3x5, got -3
          conv2d|outChannels=6,kernel=3x|kernel: expected a whole number or height x width such as 3x5, got 3x
          conv2d|outChannels=6,kernel=3x1025|kernel: expected height and width from 1 to 1024, got 3x1025
          conv2d|outChannels=6,kernel=3,stride=0|stride: expected height and width from 1 to 1024, got 0x0
          conv2d|outChannels=6,kernel=3,padding=2000|padding: expected height and width from 0 to 1024, got 2000x2000
          conv2d|outChannels=6,kernel=3,dilation=0x1|dilation: expected height and width from 1 to 1024, got 0x1
          conv2d|outChannels=6,kernel=3,groups=4|groups: expected a divisor of the 6 outChannels, got 4
          conv2d|outChannels=6,kernel=3,groups=0|groups: expected a whole number from 1 to 1048576, got 0
          conv2d|outChannels=6,kernel=3,bias=yes|bias: expected true or false, got yes
          conv2d|outChannel=6,kernel=3|outChannel: unknown attribute; conv2d takes outChannels, kernel, stride, padding, dilation, groups, bias
          relu|slope=1|slope: unknown attribute; relu takes none
          leakyRelu|negativeSlope=1|negativeSlope: expected a number in [0, 1), got 1.0
          leakyRelu|negativeSlope=NaN|negativeSlope: expected a number, got NaN
          leakyRelu|negativeSlope=0x1p3|negativeSlope: expected a number, got 0x1p3
          leakyRelu|negativeSlope=-0.1|negativeSlope: expected a number in [0, 1), got -0.1
          dropout|probability=1|probability: expected a number in [0, 1), got 1.0
          batchNorm2d|epsilon=0|epsilon: expected a number in (0, 1], got 0.0
          batchNorm2d|momentum=1.1|momentum: expected a number in (0, 1], got 1.1
          maxPool2d|kernel=3,padding=2|padding: expected at most half the kernel 3x3, got 2x2
          averagePool2d|kernel=2x1,padding=1|padding: expected at most half the kernel 2x1, got 1x1
          linear|outFeatures=1048577|outFeatures: expected a whole number from 1 to 1048576, got 1048577
          conv|kernel=3|type: expected one of add, averagePool2d, batchNorm2d, concat, conv2d, dropout, flatten, globalAveragePool, leakyRelu, linear, maxPool2d, relu, got conv
          """)
  void mistakesAreNamedWithWhatWasExpected(String type, String attributes, String message) {
    Map<String, String> map =
        List.of(attributes.split(",", -1)).stream()
            .map(text -> text.split("=", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    SpecException e = assertThrows(SpecException.class, () -> OperationSpec.parse(type, map));
    assertEquals(message, e.getMessage());
  }

  @Test
  void aNumberOfManyDigitsIsJudgedAtOnce() {
    Map<String, String> digits = Map.of("negativeSlope", "1".repeat(500_000) + "x");
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> assertThrows(SpecException.class, () -> OperationSpec.parse("leakyRelu", digits)));
  }
}
