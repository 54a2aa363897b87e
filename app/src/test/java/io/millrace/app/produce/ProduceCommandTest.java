package io.millrace.app.produce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ProduceCommandTest {
  @ParameterizedTest
  @CsvSource({
    "--rate -1, --rate: expected 0 or more",
    "--rate NaN, --rate: expected 0 or more",
    "--rate fast, --rate",
    "--limit 0, --limit: expected 1 or more",
    "--delay -1, --delay: expected 0 to",
    "--unlabeled --labels-only, mutually exclusive",
    "--create-topic 0, --create-topic: expected 1 or more",
    "--channels 1, and --size beside it",
    "--channels 2 --size 3x3, --channels: expected 1 or 3",
    "--size 32, --size: expected HEIGHTxWIDTH",
    "--size 0x32, --size: expected HEIGHTxWIDTH",
    "--dataset nothing, data set 'nothing': expected",
    "--unknown, --unknown"
  })
  void usageMistakesExitWithTwo(String arguments, String message) {
    StringWriter err = new StringWriter();
    assertEquals(2, execute(err, arguments.split(" ", -1)));
    assertTrue(err.toString().contains(message), err.toString());
  }

  @Test
  void failureExitsWithOneAndSaysWhy() {
    StringWriter err = new StringWriter();
    assertEquals(1, execute(err, "--dataset", "idx:/no/such/folder"));
    assertTrue(err.toString().contains("/no/such/folder: expected a folder"), err.toString());
    StringWriter config = new StringWriter();
    String[] arguments = {"--dataset", "fashion-mnist-sample", "--kafka-config", "/no/such/file"};
    assertEquals(1, execute(config, arguments));
    assertTrue(
        config.toString().contains("/no/such/file: expected a properties"), config.toString());
  }

  @Test
  void progressIsOneLineOnTerminalAndPlainLinesElsewhere() {
    Progress first = new Progress(1000, 12_000, 1000, 800_000, 1_000_000_000L);
    Progress second = new Progress(2000, Long.MAX_VALUE, 900, 1_600_000, 11_000_000_000L);
    StringWriter terminal = new StringWriter();
    ProgressLine line = new ProgressLine(new PrintWriter(terminal), true);
    line.show(first);
    line.end(second, "topic");
    assertEquals(
        "\rSent 1,000 of 12,000 images, 1,000 images/s, 0.8 MB"
            + "\rSent 900 images, 82 images/s, 1.6 MB to topic      "
            + System.lineSeparator(),
        terminal.toString());
    StringWriter piped = new StringWriter();
    ProgressLine plain = new ProgressLine(new PrintWriter(piped), false);
    plain.show(first);
    plain.show(second);
    assertEquals("Sent 900 images, 82 images/s, 1.6 MB" + System.lineSeparator(), piped.toString());
  }

  private static int execute(StringWriter err, String... arguments) {
    return new CommandLine(new ProduceCommand())
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
