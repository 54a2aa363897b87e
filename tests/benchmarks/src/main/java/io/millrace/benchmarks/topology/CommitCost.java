package io.millrace.benchmarks.topology;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.benchmarks.measure.Effort;
import io.millrace.benchmarks.measure.Series;
import io.millrace.benchmarks.measure.Spread;
import io.millrace.benchmarks.processes.ChildJvm;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.topology.config.LearnerConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Trains one network with several commit intervals in turn: what {@link Commits} measures first.
 */
final class CommitCost {
  /** So rare that no window has one: what the others are compared with. */
  static final long NEVER_MS = 600_000;

  static final long OFTEN_MS = 100;

  private static final int IMAGES = 4096;
  private static final int WARM_UP_MS = 3_000;
  private static final int BESIDE_WINDOW_MS = 7_000;
  private static final double IMAGES_TO_SPARE = 1.5;

  /** For fail-over and restoring, which read the topic afresh. */
  private static final int LEAST_SECONDS = 60;

  private static final String INTERVAL = "commit.interval.ms";

  /** What a child is told; the default interval is the learner's own. */
  record Plan(Where where, String state, int batch, Effort effort) {}

  /**
   * One commit interval.
   *
   * @param share of the images per second without commits, within each round
   * @param reliable whether there was a round that nobody disturbed
   * @param commitBytes sent to the changelog by a commit
   * @param commitMs for which a commit holds training up
   * @param foreign processors that others used
   * @param written bytes sent to the changelog in all
   * @param disk what the changelog took of the broker's disk
   */
  record Row(
      long intervalMs,
      Spread imagesPerSecond,
      Spread share,
      boolean reliable,
      Spread commitBytes,
      Spread commitMs,
      Spread foreign,
      long written,
      LogSize.Sizes disk) {}

  /** A network with all its intervals: never, the default, often. */
  record Result(String state, long parameters, List<Row> rows) {
    Result {
      rows = List.copyOf(rows);
    }
  }

  private CommitCost() {}

  /** The name of the learner with the default interval, whose state the other measurements use. */
  static String defaultName(String state) {
    return "commits-" + state + "-default";
  }

  /** Argument: a {@link Plan} as JSON. Prints a {@link Result}. */
  public static void main(String[] arguments) throws JsonProcessingException {
    ObjectMapper json = new ObjectMapper();
    Plan plan = json.readValue(arguments[0], Plan.class);
    System.out.println(ChildJvm.RESULT + json.writeValueAsString(measure(plan)));
  }

  private static Result measure(Plan plan) {
    NetworkSpec network = States.of(plan.state()).network();
    Where where = plan.where();
    List<LearnerConfig> configs =
        List.of(
            config(plan, network, "never", Map.of(INTERVAL, Long.toString(NEVER_MS))),
            BenchLearner.config(where, network, plan.batch(), defaultName(plan.state()), Map.of()),
            config(plan, network, "often", Map.of(INTERVAL, Long.toString(OFTEN_MS))));
    configs.forEach(BenchLearner::createTopics);
    fill(plan, configs.getFirst());
    List<MeasuredLearner> learners = new ArrayList<>();
    try (LogSize disk = LogSize.watch(where)) {
      for (LearnerConfig config : configs) {
        MeasuredLearner learner = new MeasuredLearner(config, where.helpers());
        learners.add(learner);
        learner.warmUp(Duration.ofMillis(WARM_UP_MS));
      }
      List<Series> series = Rounds.measure(learners, plan.effort());
      List<Row> rows = new ArrayList<>();
      for (int l = 0; l < learners.size(); l++) {
        rows.add(row(plan, learners.get(l), series.get(l), series.getFirst(), disk));
      }
      return new Result(plan.state(), States.parameters(network), rows);
    } finally {
      learners.forEach(MeasuredLearner::close);
    }
  }

  private static LearnerConfig config(
      Plan plan, NetworkSpec network, String name, Map<String, String> kafka) {
    String full = "commits-" + plan.state() + "-" + name;
    return BenchLearner.config(plan.where(), network, plan.batch(), full, kafka);
  }

  /** Enough images for each learner, by the speed without a topic. */
  private static void fill(Plan plan, LearnerConfig config) {
    Where where = plan.where();
    double speed;
    try (BareLoop loop =
        new BareLoop(
            config, ImageTopic.first(where, config.network().input(), IMAGES), where.helpers())) {
      speed = loop.warmUp();
    }
    int roundMs = plan.effort().windowMs() + BESIDE_WINDOW_MS;
    double seconds =
        Math.max(LEAST_SECONDS, (WARM_UP_MS + (double) plan.effort().rounds() * roundMs) * 1e-3);
    ImageTopic.fill(where, config.network().input(), (long) (IMAGES_TO_SPARE * speed * seconds));
  }

  private static Row row(
      Plan plan, MeasuredLearner learner, Series own, Series never, LogSize disk) {
    List<CommitMeter.Commit> commits = learner.meter().warm();
    return new Row(
        learner.commitMs(),
        own.rate().times(plan.batch()),
        own.over(never),
        own.comparable(never),
        spread(commits.stream().mapToDouble(CommitMeter.Commit::bytes).toArray()),
        spread(commits.stream().mapToDouble(CommitMeter.Commit::ms).toArray()),
        own.foreign(),
        learner.meter().bytes(),
        disk.of(learner.name()));
  }

  private static Spread spread(double[] values) {
    return values.length == 0
        ? new Spread(Double.NaN, Double.NaN, Double.NaN, 0)
        : Spread.of(values);
  }
}
