package io.millrace.benchmarks.topology;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.benchmarks.measure.Effort;
import io.millrace.benchmarks.processes.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures what commits of the training state cost, and what they are good for. */
@Command(
    name = "commits",
    mixinStandardHelpOptions = true,
    description =
        "Measures commits of small and large states: their cost, the changelog, restoring and"
            + " fail-over.")
public final class Commits implements Callable<Integer> {
  private static final long RESTORE_MS = 5_000;

  /**
   * What a cluster behind a line of 100 Mbit/s gives; a commit of the state has 40 MB every 5 s.
   */
  private static final long FAR_BYTES_PER_SECOND = 12_000_000;

  private static final int QUICK_WINDOW_MS = 1_000;

  @Option(
      names = "--state",
      paramLabel = "lenet5|1m|5m",
      split = ",",
      description = "By the number of parameters; without it all three.")
  private List<String> states = List.of("lenet5", "1m", "5m");

  @Option(names = "--batch", defaultValue = "32", description = "Default: ${DEFAULT-VALUE}.")
  private int batch = 32;

  @Option(names = "--threads", description = "Of the training step; all processors without it.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--rounds",
      defaultValue = "5",
      description = "The first third is warm-up (default: ${DEFAULT-VALUE}).")
  private int rounds = 5;

  @Option(
      names = "--window-ms",
      defaultValue = "2500",
      description = "Of each in each round, until the next commit (default: ${DEFAULT-VALUE}).")
  private int windowMs = 2500;

  @Option(
      names = "--patience-s",
      defaultValue = "0",
      description = {
        "Seconds of further rounds for each state, in all, while others use the processors",
        "(default: ${DEFAULT-VALUE})."
      })
  private int patienceSeconds;

  @Option(
      names = "--dataset",
      paramLabel = "NAME|PATH",
      defaultValue = "fashion-mnist",
      description = "Default: ${DEFAULT-VALUE}.")
  private String dataset = "fashion-mnist";

  @Option(
      names = "--quick",
      description = "Two rounds of each, and fail-over without a standby only, for a look.")
  private boolean quick;

  @Option(names = "--markdown", paramLabel = "FILE", description = "Writes the tables.")
  private @Nullable Path markdown;

  @Option(
      names = "--at-least",
      paramLabel = "PERCENT",
      defaultValue = "0",
      description = {
        "Ends with status 1 if the median share at the default interval is less anywhere, or could",
        "not be measured, or restoring takes more than 5 s; such as 90."
      })
  private int atLeast;

  @Override
  public Integer call() throws IOException {
    Effort effort =
        quick ? new Effort(2, QUICK_WINDOW_MS, 0) : new Effort(rounds, windowMs, patienceSeconds);
    List<CommitCost.Result> results = new ArrayList<>();
    List<CommitTables.Table> tables = new ArrayList<>();
    boolean good = true;
    try (Broker broker = Broker.start()) {
      Where where = Where.at(broker, dataset, threads);
      for (String state : states) {
        System.err.println("measuring commits of " + state);
        results.add(cost(where, state, effort));
      }
      show(CommitTables.throughput(results), tables);
      show(CommitTables.compaction(results), tables);
      String large = States.FIVE_MILLION.label();
      if (states.contains(large)) {
        FailOver failOver = new FailOver(where, batch);
        System.err.println("measuring how " + large + " is restored");
        FailOver.Restored restored = failOver.restore(large);
        good = restored.restoreMs() <= RESTORE_MS;
        show(CommitTables.restore(restored), tables);
        List<FailOver.Taken> taken = new ArrayList<>();
        for (int standbys : quick ? List.of(0) : List.of(0, 1)) {
          System.err.println("measuring fail-over with " + standbys + " standby replicas");
          taken.add(failOver.kill(large, standbys, OptionalLong.empty()));
          if (!quick) {
            taken.add(failOver.kill(large, standbys, OptionalLong.of(FAR_BYTES_PER_SECOND)));
          }
        }
        show(CommitTables.failOver(taken), tables);
      }
    }
    if (markdown != null) {
      Files.write(markdown, tables.stream().flatMap(table -> table.markdown().stream()).toList());
    }
    good &= results.stream().allMatch(this::reaches);
    if (atLeast > 0 && !good) {
      System.out.println("\nNOT AT LEAST " + atLeast + " %, or restored too slowly");
    }
    return atLeast == 0 || good ? 0 : 1;
  }

  /** At once: what comes later may fail. */
  private static void show(CommitTables.Table table, List<CommitTables.Table> shown) {
    table.text().forEach(System.out::println);
    shown.add(table);
  }

  private CommitCost.Result cost(Where where, String state, Effort effort) throws IOException {
    ObjectMapper json = new ObjectMapper();
    String plan = json.writeValueAsString(new CommitCost.Plan(where, state, batch, effort));
    String line = ChildJvm.run(List.of(), CommitCost.class, List.of(plan)).getFirst();
    return json.readValue(line, CommitCost.Result.class);
  }

  /** The second row is the default interval's. */
  private boolean reaches(CommitCost.Result result) {
    CommitCost.Row row = result.rows().get(1);
    return row.reliable() && 100 * row.share().median() >= atLeast;
  }
}
