package io.millrace.benchmarks.processes;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Trains the same network on the same images in JVMs that differ in what must not matter: kernels,
 * vector width, threads, and what of the code is compiled when. The SHA-256 of weights, momenta and
 * statistics must be one and the same.
 */
@Command(
    name = "determinism",
    mixinStandardHelpOptions = true,
    description =
        "Compares SHA-256 of the training state across vector widths, threads and compilers.")
public final class Determinism implements Callable<Integer> {
  private static final int SHOWN_DIGITS = 16;

  /** -XX:UseAVX exists on x86 only; elsewhere the width stays, and the table shows it. */
  private static final String LENIENT = "-XX:+IgnoreUnrecognizedVMOptions";

  private static final int ANY = Integer.MAX_VALUE;

  @Option(
      names = "--network",
      paramLabel = "NAME",
      description = "Repeatable; without it lenet5, small-cnn and resnet20.")
  private List<String> networks = new ArrayList<>();

  @Option(
      names = "--steps",
      defaultValue = "0",
      description = "Of each network; without it lenet5 500, small-cnn 60, resnet20 30.")
  private int steps;

  @Option(
      names = "--cold-steps",
      defaultValue = "5",
      description =
          "Of lenet5 where little or nothing is compiled; 0 for none (default:"
              + " ${DEFAULT-VALUE}).")
  private int coldSteps;

  /**
   * How a JVM differs.
   *
   * @param maxLanes the most that its flags leave on x86; it fails with more
   */
  private record Configuration(String name, int threads, int maxLanes, List<String> flags) {

    static Configuration of(String name, int threads, int maxLanes, String... flags) {
      return new Configuration(name, threads, maxLanes, List.of(flags));
    }
  }

  /** Scalar, every width, threads below, at and above the processors, and a second run. */
  private static final List<Configuration> WARM =
      List.of(
          Configuration.of("scalar", 2, 1, "-Dmillrace.kernels=scalar"),
          Configuration.of("128 bits", 2, 4, LENIENT, "-XX:UseAVX=1"),
          Configuration.of("256 bits", 2, 8, LENIENT, "-XX:UseAVX=2"),
          Configuration.of("full width", 1, ANY),
          Configuration.of("full width", 2, ANY),
          Configuration.of("full width, again", 2, ANY),
          Configuration.of("full width", 3, ANY),
          Configuration.of("full width", 8, ANY),
          Configuration.of("full width, compiled late", 2, ANY, "-XX:CompileThresholdScaling=10"));

  /** What a JVM does until the best code is there, for as long as one can wait for it. */
  private static final List<Configuration> COLD =
      List.of(
          Configuration.of("full width", 2, ANY),
          Configuration.of("full width, first compiler only", 2, ANY, "-XX:TieredStopAtLevel=1"),
          Configuration.of(
              "scalar, first compiler only", 2, 1, scalarAnd("-XX:TieredStopAtLevel=1")),
          Configuration.of("scalar, interpreted", 2, 1, scalarAnd("-Xint")),
          Configuration.of("no FMA instruction", 2, 4, LENIENT, "-XX:UseAVX=0"));

  private static String[] scalarAnd(String flag) {
    return new String[] {"-Dmillrace.kernels=scalar", flag};
  }

  @Override
  public Integer call() throws IOException {
    List<String> names = networks.isEmpty() ? List.of("lenet5", "small-cnn", "resnet20") : networks;
    boolean good = true;
    for (String network : names) {
      good &= compare(network, steps > 0 ? steps : defaultSteps(network), WARM);
    }
    if (coldSteps > 0) {
      good &= compare("lenet5", coldSteps, COLD);
    }
    System.out.println(good ? "\nall equal" : "\nNOT EQUAL");
    return good ? 0 : 1;
  }

  private static int defaultSteps(String network) {
    return switch (network) {
      case "lenet5" -> 500;
      case "resnet20" -> 30;
      default -> 60;
    };
  }

  private static boolean compare(String network, int steps, List<Configuration> configurations)
      throws IOException {
    System.out.printf("%n%s, %d steps of %d images%n%n", network, steps, RealTraining.BATCH);
    System.out.println("| JVM | threads | lanes | SHA-256 of the training state | seconds |");
    System.out.println("| --- | --- | --- | --- | --- |");
    Set<String> hashes = new HashSet<>();
    boolean narrow = true;
    for (Configuration configuration : configurations) {
      List<String> arguments =
          List.of(network, Integer.toString(steps), Integer.toString(configuration.threads()));
      String[] result =
          ChildJvm.run(configuration.flags(), HashedTraining.class, arguments)
              .getFirst()
              .split(" ", -1);
      int lanes = Integer.parseInt(result[1]);
      boolean tooWide = x86() && lanes > configuration.maxLanes();
      narrow &= !tooWide;
      hashes.add(result[0]);
      System.out.printf(
          Locale.ROOT,
          "| %s | %d | %d%s | `%s` | %.1f |%n",
          configuration.name(),
          configuration.threads(),
          lanes,
          tooWide ? " (expected at most " + configuration.maxLanes() + ")" : "",
          result[0].substring(0, SHOWN_DIGITS),
          Double.parseDouble(result[2]));
    }
    System.out.printf("%n%s: %s%n", network, String.join(", ", hashes));
    return hashes.size() == 1 && narrow;
  }

  private static boolean x86() {
    String architecture = System.getProperty("os.arch", "");
    return architecture.equals("amd64") || architecture.equals("x86_64");
  }
}
