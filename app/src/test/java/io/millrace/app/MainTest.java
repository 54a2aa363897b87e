package io.millrace.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class MainTest {

  /** What a command left behind. */
  private record Outcome(int exitCode, String out, String err) {}

  @Test
  void wrongUsageEndsWithTwo() {
    assertEquals(2, run("no-such-command").exitCode());
    assertEquals(2, run("demo", "--no-such-option").exitCode());
    assertEquals(2, run("network").exitCode());
  }

  @Test
  void helpAndVersionEndWithZero() {
    assertEquals(0, run("--help").exitCode());
    assertEquals(0, run("demo", "--help").exitCode());
    assertEquals(0, run("--version").exitCode());
    assertTrue(run("--help").out().contains("Exit codes"));
  }

  @Test
  void wrongUsageIsOneLineWithWhatWasMeantAndOneThatHelps() {
    assertEquals(
        List.of(
            "millrace: unknown option --limitt of millrace demo; did you mean --limit?",
            "millrace: 'millrace demo --help' says how it is called"),
        run("demo", "--limitt", "3").err().lines().toList());
    assertEquals(
        List.of(
            "millrace: unknown command trian; did you mean train?",
            "millrace: 'millrace --help' says how it is called"),
        run("trian").err().lines().toList());
    assertEquals(2, run("demo", "--limit", "x").err().lines().count());
    assertEquals(2, run("snapshot").err().lines().count());
  }

  @Test
  void helpListsEveryCommandInOneLineUnderItsSection() {
    List<String> lines = run("--help").out().lines().toList();
    for (String section : List.of("Learn", "Use", "Look", "Set up")) {
      assertTrue(lines.contains(section), section + " in " + lines);
    }
    assertTrue(!lines.contains("More"), "commands without a section in " + lines);
    List<String> commands =
        lines.stream().filter(line -> line.matches("  [a-z-]+ {2,}[A-Z].*")).toList();
    assertTrue(commands.size() >= 16, commands.toString());
    commands.forEach(line -> assertTrue(line.length() <= 80, line));
  }

  @Test
  void helpOfACommandIsTheSameBothWays() {
    assertEquals(run("train", "--help").out(), run("help", "train").out());
  }

  @Test
  void configForScriptsHasALineForEachKeyAndNoSecret() {
    Outcome outcome = run("config", "--json", "--set", "kafka.sasl.jaas.config=secret-word");
    assertEquals(0, outcome.exitCode(), outcome.err());
    assertTrue(
        outcome
            .out()
            .contains("{\"event\":\"setting\",\"key\":\"minibatch.size\",\"value\":\"32\""),
        outcome.out());
    assertTrue(outcome.out().contains("kafka.sasl.jaas.config"), outcome.out());
    assertTrue(!outcome.out().contains("secret-word"), outcome.out());
  }

  @Test
  void configPrintsTheDefaultsAsTheyAreReadBack() {
    Outcome outcome = run("config", "--set", "minibatch.size=64");
    assertEquals(0, outcome.exitCode(), outcome.err());
    assertTrue(outcome.out().contains("size: 64"), outcome.out());
    assertTrue(outcome.out().contains("processing.guarantee: exactly_once_v2"), outcome.out());
  }

  @Test
  void wrongConfigurationIsOneLineThatNamesTheKey() {
    Outcome outcome = run("config", "--set", "minibatch.size=0");
    assertEquals(2, outcome.exitCode());
    String first = outcome.err().lines().findFirst().orElse("");
    assertEquals(
        "millrace: --set minibatch.size: expected a whole number from 1 to 4096, got 0", first);
    assertTrue(!outcome.err().contains("\tat "), outcome.err());
  }

  @Test
  void verboseShowsWhereAnErrorCameFrom() {
    assertTrue(run("--verbose", "config", "--set", "seed=x").err().contains("\tat "));
  }

  @Test
  void demoRefusesDataWithoutHeldOutPart() {
    Outcome outcome = run("demo", "--dataset", "fashion-mnist-sample:train");
    assertEquals(2, outcome.exitCode());
    assertTrue(outcome.err().contains("a train and a test part"), outcome.err());
  }

  private static Outcome run(String... arguments) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream newOut = new ByteArrayOutputStream();
    ByteArrayOutputStream newErr = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(newOut, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(newErr, true, StandardCharsets.UTF_8));
      int exitCode = Main.execute(arguments);
      return new Outcome(
          exitCode,
          newOut.toString(StandardCharsets.UTF_8),
          newErr.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }
}
