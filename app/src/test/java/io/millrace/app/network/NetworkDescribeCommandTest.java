package io.millrace.app.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class NetworkDescribeCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return new CommandLine(new NetworkCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  @Test
  void printsTheTable(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("net.yaml");
    Files.writeString(
        file,
        """
        name: net
        input: {channels: 3, height: 8, width: 8}
        layers:
          - conv1: {type: conv2d, outChannels: 3, kernel: 3, padding: 1}
          - norm: batchNorm2d
          - a-name-that-is-far-longer-than-any-table-of-a-hundred-columns: relu
          - sum:
              type: add
              inputs: [a-name-that-is-far-longer-than-any-table-of-a-hundred-columns, input]
          - flatten: flatten
          - fc: {type: linear, outFeatures: 1000}
        """);
    assertEquals(0, run("describe", file.toString()));
    assertEquals("", err.toString());
    assertEquals(
        """
        net: input [3, 8, 8], loss softmaxCrossEntropy

        layer                         type         inputs                        output      params    FLOPs
        ----------------------------------------------------------------------------------------------------
        conv1                         conv2d       input                         [3, 8, 8]       84   10,368
        norm                          batchNorm2d  conv1                         [3, 8, 8]        6      384
        ..table-of-a-hundred-columns  relu         norm                          [3, 8, 8]        -      192
        sum                           add          ..table-of-a-hundred-columns  [3, 8, 8]        -      192
                                                   input
        flatten                       flatten      sum                           [192]            -        -
        fc                            linear       flatten                       [1000]     193,000  384,000
        ----------------------------------------------------------------------------------------------------
        total                                                                               193,090  395,136

        193,090 parameters (754.3 KiB as float32) and 6 running statistics
        395.1 kFLOP per image and forward pass
        """,
        out.toString());
  }

  @Test
  void showsHowTrainingComputesIt() {
    assertEquals(0, run("describe", "--kernels", "small-cnn"));
    String text = out.toString();
    assertTrue(
        text.startsWith(
            """
            layer  fused with  forward   backward input  backward weight
            ------------------------------------------------------------
            conv1  relu1       direct    -               direct
            conv2  relu2       winograd  winograd        winograd
            conv3  relu3       winograd  winograd        winograd
            conv4  relu4       winograd  winograd        winograd

            Memory of a step, minibatches of 32, threads 1: \
            """),
        text);
    assertTrue(text.contains("values, gradients, partial sums  "), text);
  }

  @Test
  void showsWhatBatchNormIsComputedWith() {
    assertEquals(0, run("describe", "--kernels", "--batch", "1", "resnet20"));
    assertTrue(
        out.toString().contains("\nlayer1.0.bn2           layer1.0.add + layer1.0.relu2  -  "),
        out.toString());
    assertTrue(out.toString().contains("For prediction, a batch norm is folded"), out.toString());
    assertTrue(out.toString().contains("minibatches of 1, threads 1: "), out.toString());
  }

  @Test
  void aMinibatchOfNoImagesIsAMistake() {
    assertEquals(2, run("describe", "--kernels", "--batch", "0", "lenet5"));
    assertTrue(err.toString().contains("expected at least 1, got 0"), err.toString());
  }

  @Test
  void aMistakeInTheFileIsPrintedWithItsPlace(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("net.yaml");
    Files.writeString(file, "name: net\nlayers: []\n");
    assertEquals(2, run("describe", file.toString()));
    assertEquals("", out.toString());
    assertEquals(
        file
            + ":1:1: input.channels: missing; expected a whole number from 1 to 65536"
            + System.lineSeparator(),
        err.toString());
  }

  @Test
  void aMissingFileIsAMistake(@TempDir Path folder) {
    Path file = folder.resolve("nowhere.yaml");
    assertEquals(2, run("describe", file.toString()));
    assertTrue(
        err.toString().startsWith("network: expected a file or the name of a network in "),
        err.toString());
    assertTrue(err.toString().strip().endsWith(file.toString()), err.toString());
  }

  @Test
  void wrongUsageIsAMistake() {
    assertEquals(2, run("describe"));
    assertTrue(
        err.toString().startsWith("Missing required parameter: 'NAME|FILE'"), err.toString());
    assertEquals(2, run("describe", "a", "b"));
    assertEquals(2, run("draw"));
    assertEquals(2, run());
    assertTrue(err.toString().contains("Missing command: expected describe"), err.toString());
  }

  @Test
  void helpIsNoMistake() {
    assertEquals(0, run("describe", "--help"));
    assertTrue(
        out.toString()
            .contains(
                "Usage: network describe [-h] [--json] [--kernels] [--batch=N] [--threads=N]"),
        out.toString());
    assertEquals("", err.toString());
  }
}
