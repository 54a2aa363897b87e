package io.millrace.benchmarks.processes;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Counts the bytes that a training step allocates, on the thread that calls it and on the workers,
 * as the JVM counts them for each thread. Until the best code is there, vectors are objects.
 */
@Command(
    name = "allocation",
    mixinStandardHelpOptions = true,
    description =
        "Counts the bytes that a training step allocates once it is compiled; ends with status 1"
            + " unless there are none.")
public final class Allocation implements Callable<Integer> {
  private static final int QUICK_WINDOWS = 10;

  @Option(
      names = "--network",
      paramLabel = "NAME|FILE",
      split = ",",
      description = "Repeatable; without it lenet5, small-cnn and resnet20.")
  private List<String> networks = List.of("lenet5", "small-cnn", "resnet20");

  @Option(names = "--batch", defaultValue = "32", description = "Default: ${DEFAULT-VALUE}.")
  private int batch;

  @Option(names = "--threads", description = "Of the learner; all processors without it.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--patience-s",
      defaultValue = "120",
      description = {
        "Seconds to wait until ten steps in a row allocate nothing, for which the best code has to",
        "be there (default: ${DEFAULT-VALUE})."
      })
  private int patienceSeconds;

  @Option(
      names = "--windows",
      defaultValue = "50",
      description = "Of ten steps, counted from then on (default: ${DEFAULT-VALUE}).")
  private int windows;

  @Option(
      names = "--dataset",
      paramLabel = "NAME|PATH",
      defaultValue = "fashion-mnist",
      description = "Scaled to the network's input (default: ${DEFAULT-VALUE}).")
  private String dataset = "fashion-mnist";

  @Option(names = "--quick", description = "lenet5 and ten windows, for a look of some seconds.")
  private boolean quick;

  @Override
  public Integer call() throws IOException {
    System.out.printf(
        "bytes that training steps of %d images allocate on %d threads together, JDK %s%n%n",
        batch, threads, Runtime.version());
    System.out.println(
        "| network | first step | steps until ten allocate nothing | bytes a step from then on,"
            + " median | most | windows without any |");
    System.out.println("| --- | --- | --- | --- | --- | --- |");
    boolean good = true;
    for (String network : quick ? List.of("lenet5") : networks) {
      AllocationResult result = measure(network);
      good &= result.nothing();
      System.out.printf(
          Locale.ROOT,
          "| %s | %,d | %s | %,.1f | %,.1f | %d of %d |%n",
          network,
          result.firstStep(),
          result.stepsUntilNone() < 0 ? "not in time" : Integer.toString(result.stepsUntilNone()),
          result.median(),
          result.most(),
          result.empty(),
          result.windows().length);
    }
    System.out.println(good ? "\nnothing" : "\nNOT NOTHING");
    return good ? 0 : 1;
  }

  private AllocationResult measure(String network) throws IOException {
    List<String> arguments =
        List.of(
            network,
            dataset,
            Integer.toString(batch),
            Integer.toString(threads),
            Integer.toString(patienceSeconds),
            Integer.toString(quick ? QUICK_WINDOWS : windows));
    return AllocatingTraining.read(
        ChildJvm.run(List.of(), AllocatingTraining.class, arguments).getFirst());
  }
}
