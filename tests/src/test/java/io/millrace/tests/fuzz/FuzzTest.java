package io.millrace.tests.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mutated inputs for every target: no exception but the documented one, no error, no more than a
 * second of processor time or the stated memory, and no good record lost. {@code ./millrace test}
 * runs a few; {@code ./millrace test --fuzz N} runs N on all processors, and {@code ./millrace test
 * --fuzz-input FILE} one that was found.
 */
class FuzzTest {
  private static final long SEED = Long.getLong("millrace.fuzz.seed", 20261126);
  private static final long SHORT_RUN = 50_000;

  private static final Path RESULTS = Path.of("target/fuzz");
  private static final Path TABLE = Path.of("target/fuzz.md");

  @Test
  void noInputBreaksAPromise(@TempDir Path folder) throws Exception {
    String file = System.getProperty("millrace.fuzz.input", "");
    if (!file.isEmpty()) {
      replay(Path.of(file), folder);
      return;
    }
    long inputs = Long.getLong("millrace.fuzz.inputs", 0);
    boolean isLong = inputs > 0;
    int threads = isLong ? Runtime.getRuntime().availableProcessors() : 1;
    System.out.printf("fuzzing with seed %d on %d thread(s)%n", SEED, threads);
    Fuzzer fuzzer = new Fuzzer(SEED, threads, folder, FuzzTargets::create, System.out::println);
    List<String> found = new ArrayList<>();
    List<FuzzResult> results =
        fuzzer.run(isLong ? inputs : SHORT_RUN, result -> found.addAll(write(result)));
    String table = table(results, folder);
    Files.writeString(TABLE, table);
    System.out.println(table);
    assertEquals(List.of(), found, "seed " + SEED);
  }

  private static void replay(Path file, Path folder) {
    FuzzInput input = FuzzInput.read(file);
    FuzzProbe.Result result = FuzzCorpusTest.run(input, folder);
    System.out.printf(
        "%s: %s, %d ms, %d bytes allocated%n",
        input.target(),
        result.fault() == null ? result.outcome() : trace(result.fault()),
        result.cpuNanos() / 1_000_000,
        result.allocatedBytes());
    assertTrue(result.fault() == null, () -> file + ": " + result.fault());
  }

  private static List<String> write(FuzzResult result) {
    List<String> found = new ArrayList<>();
    for (FuzzResult.Finding finding : result.findings().values()) {
      Path file = RESULTS.resolve(finding.input().target() + "-" + SEED + "-" + finding.index());
      String about =
          "seed: %d index: %d%nreplay: ./millrace test --fuzz-input tests/%s%nfault: %s"
              .formatted(SEED, finding.index(), file, trace(finding.fault()));
      try {
        Files.createDirectories(RESULTS);
        Files.write(file, finding.input().toFile(about));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      found.add("tests/" + file + ": " + finding.fault());
    }
    return found;
  }

  private static String table(List<FuzzResult> results, Path folder) {
    StringBuilder table = new StringBuilder();
    long inputs = results.stream().mapToLong(FuzzResult::inputs).sum();
    table.append(String.format("%,d inputs, seed %d%n%n", inputs, SEED));
    table.append(FuzzResult.TABLE_HEAD);
    results.forEach(result -> table.append(result.line()).append('\n'));
    table.append("\nThe caps:\n\n");
    for (FuzzTarget target : FuzzTargets.create(folder.resolve("caps"))) {
      table.append(String.format("- %s: %s%n", target.name(), target.allocationReason()));
    }
    return table.toString();
  }

  private static String trace(Throwable fault) {
    StringWriter text = new StringWriter();
    fault.printStackTrace(new PrintWriter(text));
    return text.toString().lines().limit(40).reduce("", (all, line) -> all + "\n" + line).strip();
  }
}
