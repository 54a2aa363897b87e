package io.millrace.benchmarks.topology;

import io.millrace.app.dashboard.Dashboard;
import io.millrace.app.dashboard.DashboardSettings;
import io.millrace.app.network.NetworkFiles;
import io.millrace.benchmarks.measure.Effort;
import io.millrace.benchmarks.measure.Series;
import io.millrace.benchmarks.measure.Spread;
import io.millrace.benchmarks.measure.Window;
import io.millrace.benchmarks.report.Markdown;
import io.millrace.benchmarks.report.TextTable;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.topology.config.LearnerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures what the page costs the learner in whose process it is served, as in the demo: without
 * the page, with it but nobody looking, and with it open in a browser on the same machine.
 */
@Command(
    name = "page",
    mixinStandardHelpOptions = true,
    description = "Measures how much slower training is with the page open in a browser.")
public final class PageCost implements Callable<Integer> {
  private static final List<String> COLUMNS =
      List.of(
          "network", "the page is", "images/s", "share", "min - max", "rounds", "browser's CPU");

  private static final Set<String> WORDS = Set.of("network", "the page is");

  /** Trained before each window, while the page loads. */
  private static final Duration SETTLING = Duration.ofSeconds(5);

  @Option(
      names = "--network",
      paramLabel = "NAME|FILE",
      split = ",",
      description = "Repeatable; without it small-cnn.")
  private List<String> networks = List.of("small-cnn");

  @Option(names = "--threads", description = "Of the training step; all processors without it.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--rounds",
      defaultValue = "9",
      description = "The first third is warm-up (default: ${DEFAULT-VALUE}).")
  private int rounds = 9;

  @Option(
      names = "--window-ms",
      defaultValue = "10000",
      description = "Of each in each round, until the next commit (default: ${DEFAULT-VALUE}).")
  private int windowMs = 10_000;

  @Option(
      names = "--images",
      paramLabel = "N",
      defaultValue = "2000000",
      description = "Sent beforehand; a fast network needs more (default: ${DEFAULT-VALUE}).")
  private long images = 2_000_000;

  @Option(names = "--markdown", paramLabel = "FILE", description = "Writes the table.")
  private @Nullable Path markdown;

  /** How much of the page there is. */
  private enum View {
    ABSENT("not served"),
    SERVED("served, nobody looks"),
    OPEN("open in a browser");

    private final String text;

    View(String text) {
      this.text = text;
    }
  }

  @Override
  public Integer call() throws IOException {
    Effort effort = new Effort(rounds, windowMs, 0);
    List<List<String>> rows = new ArrayList<>();
    try (Broker broker = Broker.start()) {
      for (String network : networks) {
        rows.addAll(measure(broker, network, effort));
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%nWhat the page costs; JDK %s, %d processors, broker and browser on the same; %d rounds of"
            + " %d ms in turn, the first %d thrown away%n%n",
        Runtime.version(),
        Runtime.getRuntime().availableProcessors(),
        effort.rounds(),
        effort.windowMs(),
        effort.warmUpRounds());
    TextTable.table(COLUMNS, WORDS, 2, rows).forEach(System.out::println);
    System.out.println(
        """

        share: of the speed without the page in the same round, median
        browser's CPU: of all processors, in the windows, median; what it takes, training lacks\
        """);
    if (markdown != null) {
      Files.write(markdown, Markdown.table(COLUMNS, WORDS, rows));
    }
    return 0;
  }

  private List<List<String>> measure(Broker broker, String name, Effort effort) {
    NetworkSpec network = NetworkFiles.load(name, Path.of("").toAbsolutePath());
    Where where = Where.at(broker, "fashion-mnist", threads);
    LearnerConfig config =
        BenchLearner.config(where, network, 32, network.name() + "-page", Map.of());
    BenchLearner.createTopics(config);
    // All of them beforehand: a learner that rests for longer than its transaction may take fails.
    ImageTopic.fill(where, network.input(), images);
    try (MeasuredLearner learner = new MeasuredLearner(config, where.helpers())) {
      learner.warmUp(SETTLING);
      List<Double> browserShares = new ArrayList<>();
      List<Subject> subjects = new ArrayList<>();
      for (View view : View.values()) {
        subjects.add(new Watched(view, config, learner, broker.folder(), browserShares));
      }
      List<Series> series = Rounds.measure(subjects, effort);
      List<List<String>> rows = new ArrayList<>();
      for (Series each : series) {
        rows.add(row(network.name(), each, series.getFirst(), browserShares));
      }
      return rows;
    }
  }

  private static List<String> row(
      String network, Series seen, Series unseen, List<Double> browserShares) {
    double[] shares =
        seen.windows().keySet().stream()
            .mapToDouble(round -> rate(seen, round) / rate(unseen, round))
            .toArray();
    double[] rates = seen.windows().values().stream().mapToDouble(Window::rate).toArray();
    Spread share = Spread.of(shares).times(100);
    return List.of(
        network,
        seen.name(),
        String.format(Locale.ROOT, "%,.0f", 32 * Spread.of(rates).median()),
        String.format(Locale.ROOT, "%.1f %%", share.median()),
        String.format(Locale.ROOT, "%.1f - %.1f", share.min(), share.max()),
        Integer.toString(share.count()),
        seen.name().equals(View.OPEN.text) ? browser(browserShares) : "");
  }

  private static String browser(List<Double> shares) {
    double[] values = shares.stream().mapToDouble(Double::doubleValue).toArray();
    return String.format(Locale.ROOT, "%.1f %%", 100 * Spread.of(values).median());
  }

  private static double rate(Series series, int round) {
    Window window = series.windows().get(round);
    if (window == null) {
      throw new IllegalStateException("round " + round + ": expected a window of " + series.name());
    }
    return window.rate();
  }

  /** The learner, while there is so much of the page. */
  private record Watched(
      View view,
      LearnerConfig config,
      MeasuredLearner learner,
      Path folder,
      List<Double> browserShares)
      implements Subject {

    @Override
    public String name() {
      return view.text;
    }

    @Override
    public int threads() {
      return learner.threads();
    }

    @Override
    public Window window(int windowMs) {
      if (view == View.ABSENT) {
        learner.warmUp(SETTLING);
        return learner.window(windowMs);
      }
      try (Dashboard dashboard = Dashboard.start(DashboardSettings.local(config, 0))) {
        return view == View.OPEN ? open(dashboard, windowMs) : unopened(windowMs);
      } catch (IOException e) {
        throw new UncheckedIOException("the page could not be served", e);
      }
    }

    private Window unopened(int windowMs) {
      learner.warmUp(SETTLING);
      return learner.window(windowMs);
    }

    private Window open(Dashboard dashboard, int windowMs) {
      try (Chromium browser = Chromium.open(dashboard.url(), folder)) {
        learner.warmUp(SETTLING);
        double cpuSeconds = browser.cpuSeconds();
        long began = System.nanoTime();
        Window window = learner.window(windowMs);
        double seconds = (System.nanoTime() - began) * 1e-9;
        browserShares.add(
            (browser.cpuSeconds() - cpuSeconds)
                / (seconds * Runtime.getRuntime().availableProcessors()));
        if (!browser.alive() || !dashboard.watched()) {
          throw new IllegalStateException("expected the page to be open, got none that listens");
        }
        return window;
      }
    }
  }
}
