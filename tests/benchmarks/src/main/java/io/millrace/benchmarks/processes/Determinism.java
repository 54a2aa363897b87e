package io.millrace.benchmarks.processes;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Trains the same network on the same images in JVMs that differ in what must not matter: kernels,
 * vector width, threads, and what of the code is compiled when. The SHA-256 of weights, momenta and
 * statistics must be one and the same. JVMs that are slow make fewer steps; the first, which makes
 * all, is hashed after those too.
 */
@Command(
    name = "determinism",
    mixinStandardHelpOptions = true,
    description = {
      "Compares SHA-256 of the training state across vector widths, threads and compilers; ends with"
          + " status 1 if two differ.",
      "In one run, each JVM with the network's steps: full width with 1, 2, 3 and 8 threads, 2 threads"
          + " twice, 256 bits, 128 bits, compiled late (interpreted for long), scalar. With the cold"
          + " steps: first compiler only, interpreted, without FMA instructions."
    })
public final class Determinism implements Callable<Integer> {
  private static final int SHOWN_DIGITS = 16;

  /** -XX:UseAVX exists on x86 only; elsewhere the width stays, and the table shows it. */
  private static final String LENIENT = "-XX:+IgnoreUnrecognizedVMOptions";

  private static final int ANY = Integer.MAX_VALUE;
  private static final List<String> SHIPPED = List.of("lenet5", "small-cnn", "resnet20");
  private static final String STEPS = "500";
  private static final String SCALAR_STEPS = "100,lenet5=500,small-cnn=60,resnet20=30";
  private static final String COLD_STEPS = "lenet5=5";
  private static final int QUICK_STEPS = 20;

  @Option(
      names = "--network",
      paramLabel = "NAME|FILE",
      split = ",",
      description = "Repeatable; without it lenet5, small-cnn and resnet20.")
  private List<String> networks = new ArrayList<>();

  @Option(
      names = "--steps",
      paramLabel = "[NETWORK=]N,...",
      converter = PerNetwork.Converter.class,
      defaultValue = STEPS,
      description = "Of each network, such as 500,resnet20=100 (default: ${DEFAULT-VALUE}).")
  private PerNetwork steps = PerNetwork.parse(STEPS);

  @Option(
      names = "--scalar-steps",
      paramLabel = "[NETWORK=]N,...",
      converter = PerNetwork.Converter.class,
      defaultValue = SCALAR_STEPS,
      description = {
        "At most, of scalar kernels, which take a second or more for a step of the larger networks;",
        "0 for none (default: ${DEFAULT-VALUE})."
      })
  private PerNetwork scalarSteps = PerNetwork.parse(SCALAR_STEPS);

  @Option(
      names = "--cold-steps",
      paramLabel = "[NETWORK=]N,...",
      converter = PerNetwork.Converter.class,
      defaultValue = COLD_STEPS,
      description = {
        "At most, where little or nothing is compiled, which takes minutes for a step of the larger",
        "networks; 0 for none (default: ${DEFAULT-VALUE})."
      })
  private PerNetwork coldSteps = PerNetwork.parse(COLD_STEPS);

  @Option(
      names = "--jdk",
      paramLabel = "HOME",
      description = "Repeatable: one more JVM, of another JDK 25, at full width.")
  private List<Path> jdks = new ArrayList<>();

  @Option(
      names = "--flags",
      paramLabel = "NAME=FLAGS",
      description = {
        "Repeatable: one more JVM, with flags separated by spaces. One that must fail is",
        "\"other=-Dmillrace.benchmarks.seed=2\"."
      })
  private Map<String, String> extraFlags = new LinkedHashMap<>();

  @Option(
      names = "--quick",
      description = "lenet5 with 20 steps and no cold JVMs, for a look of half a minute.")
  private boolean quick;

  @Spec
  @SuppressWarnings("NullAway.Init") // Set by picocli.
  private CommandSpec command;

  /** How many steps a JVM can make in the time that one waits for it. */
  private enum Pace {
    FULL,
    SCALAR,
    COLD
  }

  /**
   * How a JVM differs.
   *
   * @param maxLanes the most that its flags leave on x86; it fails with more
   */
  private record Configuration(
      String name, int threads, int maxLanes, Pace pace, Path jdk, List<String> flags) {

    static Configuration of(String name, int threads, int maxLanes, Pace pace, String... flags) {
      Path thisJdk = Path.of(System.getProperty("java.home"));
      return new Configuration(name, threads, maxLanes, pace, thisJdk, List.of(flags));
    }
  }

  /** What a JVM told at its last step, and the hashes of all. */
  private record Result(NavigableMap<Integer, String> hashes, int lanes, double seconds) {

    static Result of(List<String> lines) {
      NavigableMap<Integer, String> hashes = new TreeMap<>();
      for (String line : lines) {
        String[] words = line.split(" ", -1);
        hashes.put(Integer.valueOf(words[0]), words[1]);
      }
      String[] last = lines.getLast().split(" ", -1);
      return new Result(hashes, Integer.parseInt(last[2]), Double.parseDouble(last[3]));
    }
  }

  /** Every width, threads below, at and above the processors, a second run, and slow starts. */
  private static final List<Configuration> CONFIGURATIONS =
      List.of(
          Configuration.of("full width", 2, ANY, Pace.FULL),
          Configuration.of("full width, again", 2, ANY, Pace.FULL),
          Configuration.of("full width", 1, ANY, Pace.FULL),
          Configuration.of("full width", 3, ANY, Pace.FULL),
          Configuration.of("full width", 8, ANY, Pace.FULL),
          Configuration.of("256 bits", 2, 8, Pace.FULL, LENIENT, "-XX:UseAVX=2"),
          Configuration.of("128 bits", 2, 4, Pace.FULL, LENIENT, "-XX:UseAVX=1"),
          Configuration.of(
              "full width, compiled late", 2, ANY, Pace.FULL, "-XX:CompileThresholdScaling=10"),
          Configuration.of("scalar", 2, 1, Pace.SCALAR, scalarAnd()),
          Configuration.of(
              "full width, first compiler only", 2, ANY, Pace.COLD, "-XX:TieredStopAtLevel=1"),
          Configuration.of(
              "scalar, first compiler only", 2, 1, Pace.COLD, scalarAnd("-XX:TieredStopAtLevel=1")),
          Configuration.of("scalar, interpreted", 2, 1, Pace.COLD, scalarAnd("-Xint")),
          Configuration.of("no FMA instruction", 2, 4, Pace.COLD, LENIENT, "-XX:UseAVX=0"));

  private static String[] scalarAnd(String... flags) {
    List<String> all = new ArrayList<>(List.of("-Dmillrace.kernels=scalar"));
    all.addAll(List.of(flags));
    return all.toArray(String[]::new);
  }

  @Override
  public Integer call() throws IOException {
    boolean good = true;
    for (String network : networks.isEmpty() ? quick ? List.of("lenet5") : SHIPPED : networks) {
      good &= compare(network);
    }
    System.out.println(good ? "\nall equal" : "\nNOT EQUAL");
    return good ? 0 : 1;
  }

  private List<Configuration> configurations() {
    List<Configuration> all = new ArrayList<>(CONFIGURATIONS);
    for (Path jdk : jdks) {
      all.add(new Configuration("JDK in " + jdk, 2, ANY, Pace.FULL, jdk, List.of()));
    }
    extraFlags.forEach((name, flags) ->
        all.add(Configuration.of(name, 2, ANY, Pace.FULL, flags.trim().split(" +", -1))));
    return all;
  }

  private boolean compare(String network) throws IOException {
    int all = steps(network, Pace.FULL);
    if (all < 1) {
      throw new ParameterException(
          command.commandLine(), "--steps: expected at least 1 for " + network + ", got " + all);
    }
    System.out.printf("%n%s, %d steps of %d images%n%n", network, all, RealTraining.BATCH);
    System.out.println(
        "| JVM | threads | lanes | steps | SHA-256 of the training state | seconds |");
    System.out.println("| --- | --- | --- | --- | --- | --- |");
    int[] marks =
        IntStream.of(steps(network, Pace.COLD), steps(network, Pace.SCALAR), all)
            .filter(step -> step > 0)
            .map(step -> Math.min(step, all))
            .sorted()
            .distinct()
            .toArray();
    StateHashes hashes = new StateHashes();
    boolean narrow = true;
    for (Configuration configuration : configurations()) {
      int last = Math.min(all, steps(network, configuration.pace()));
      if (last > 0) {
        int[] own = IntStream.of(marks).filter(step -> step <= last).toArray();
        narrow &= run(network, configuration, own, hashes);
      }
    }
    System.out.println();
    hashes
        .first()
        .forEach((step, hash) -> System.out.printf("%s after %d steps: %s%n", network, step, hash));
    return hashes.equal() && narrow;
  }

  private int steps(String network, Pace pace) {
    if (quick) {
      return pace == Pace.COLD ? 0 : QUICK_STEPS;
    }
    return switch (pace) {
      case FULL -> steps.of(network, PerNetwork.parse(STEPS));
      case SCALAR -> scalarSteps.of(network, PerNetwork.parse(SCALAR_STEPS));
      case COLD -> coldSteps.of(network, PerNetwork.parse(COLD_STEPS));
    };
  }

  /** Runs one JVM and prints its row; whether it had no more lanes than it should. */
  private static boolean run(
      String network, Configuration configuration, int[] marks, StateHashes hashes)
      throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.add(network);
    arguments.add(Integer.toString(configuration.threads()));
    IntStream.of(marks).forEach(mark -> arguments.add(Integer.toString(mark)));
    Result result =
        Result.of(
            ChildJvm.run(
                configuration.jdk(), configuration.flags(), HashedTraining.class, arguments));
    boolean tooWide = x86() && result.lanes() > configuration.maxLanes();
    OptionalInt different = hashes.add(result.hashes());
    System.out.printf(
        Locale.ROOT,
        "| %s | %d | %d%s | %d | `%s`%s | %.1f |%n",
        configuration.name(),
        configuration.threads(),
        result.lanes(),
        tooWide ? " (expected at most " + configuration.maxLanes() + ")" : "",
        result.hashes().lastKey(),
        result.hashes().lastEntry().getValue().substring(0, SHOWN_DIGITS),
        different.isPresent() ? " DIFFERS, first after step " + different.getAsInt() : "",
        result.seconds());
    return !tooWide;
  }

  private static boolean x86() {
    String architecture = System.getProperty("os.arch", "");
    return architecture.equals("amd64") || architecture.equals("x86_64");
  }
}
