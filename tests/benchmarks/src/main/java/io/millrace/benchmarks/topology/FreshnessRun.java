package io.millrace.benchmarks.topology;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.app.network.NetworkFiles;
import io.millrace.benchmarks.processes.ChildJvm;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.serving.Predictor;
import io.millrace.serving.SnapshotSubscriber;
import io.millrace.serving.SubscriberConfig;
import io.millrace.topology.LearnerApplication;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.config.SnapshotConfig;
import io.millrace.topology.config.TopicNames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;

/** One commit interval: images go out at a rate, and come back as versions that answer. */
final class FreshnessRun {
  /** All are kept, so that each can be looked up afterwards. */
  private static final int RETAIN = 100_000;

  private static final Duration START_WITHIN = Duration.ofSeconds(60);

  /** After the last image: the last minibatch, its commit and its way back. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** What a child is told. */
  record Plan(
      Where where,
      String network,
      int commitMs,
      int batch,
      int everySteps,
      int rate,
      int warmUpSeconds,
      int seconds) {}

  /**
   * What it has seen.
   *
   * @param images measured: sent after the warm-up, and learned from
   * @param published versions in the topic
   * @param answered versions that predicted
   */
  record Result(
      String network,
      int commitMs,
      int images,
      double p50Ms,
      double p99Ms,
      double longestMs,
      int published,
      int answered) {}

  private FreshnessRun() {}

  /** Argument: a {@link Plan} as JSON. Prints a {@link Result}. */
  public static void main(String[] arguments) throws JsonProcessingException, InterruptedException {
    ObjectMapper json = new ObjectMapper();
    Plan plan = json.readValue(arguments[0], Plan.class);
    System.out.println(ChildJvm.RESULT + json.writeValueAsString(measure(plan)));
  }

  private static Result measure(Plan plan) throws InterruptedException {
    LearnerConfig config = config(plan);
    BenchLearner.createTopics(config);
    if (plan.everySteps() < 1 || plan.rate() < 1 || plan.seconds() < 1) {
      throw new IllegalArgumentException(
          "freshness: expected steps, rate and seconds of at least 1");
    }
    SubscriberConfig subscription =
        new SubscriberConfig(
            Map.of("bootstrap.servers", plan.where().servers()),
            config.topics().snapshots(),
            Optional.of(config.model()),
            SubscriberConfig.DEFAULT_MAX_SNAPSHOT_BYTES);
    // Whole snapshots, so that the last image is learned from too, and published.
    int first = plan.batch() * plan.everySteps();
    int warmUp = Math.ceilDiv(plan.rate() * plan.warmUpSeconds(), first) * first;
    int measured = Math.ceilDiv(plan.rate() * plan.seconds(), first) * first;
    try (SentImages images = new SentImages(plan, config, first + warmUp + measured);
        Predictor predictor = new Predictor(Predictor.Options.defaults());
        LearnerApplication learner = LearnerApplication.start(config);
        SnapshotSubscriber _ = SnapshotSubscriber.start(subscription, predictor);
        AskedVersions asked = AskedVersions.ask(predictor, images.pixels())) {
      // Until all of them run.
      images.send(first);
      asked.await(1, START_WITHIN);
      images.send(warmUp);
      images.send(measured);
      PublishedVersions published =
          PublishedVersions.awaitOffset(plan, config, images.sent() - 1, PATIENCE);
      asked.await(published.newest(), PATIENCE);
      if (learner.failure().isPresent()) {
        throw new IllegalStateException("the learner stopped", learner.failure().get());
      }
      return result(plan, images, published, asked.firstNanos(), images.sent() - measured);
    }
  }

  private static Result result(
      Plan plan,
      SentImages images,
      PublishedVersions published,
      NavigableMap<Long, Long> answeredNanos,
      int from) {
    double[] ms = new double[images.sent() - from];
    for (int offset = from; offset < images.sent(); offset++) {
      long learned = published.firstWith(offset);
      // The first answer of this version or a newer one; there is one, the newest was waited for.
      long answered = answeredNanos.ceilingEntry(learned).getValue();
      ms[offset - from] = (answered - images.sentNanos(offset)) / 1e6;
    }
    Arrays.sort(ms);
    return new Result(
        plan.network(),
        plan.commitMs(),
        ms.length,
        quantile(ms, 0.5),
        quantile(ms, 0.99),
        ms[ms.length - 1],
        published.count(),
        answeredNanos.size());
  }

  /** The smallest value that so many of all values do not exceed. */
  static double quantile(double[] sorted, double share) {
    return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
  }

  private static LearnerConfig config(Plan plan) {
    NetworkSpec network = NetworkFiles.load(plan.network(), Path.of("").toAbsolutePath());
    String name = "freshness-" + network.name() + "-" + plan.commitMs();
    LearnerConfig config =
        BenchLearner.config(
            plan.where(),
            network,
            plan.batch(),
            name,
            Map.of("commit.interval.ms", Integer.toString(plan.commitMs())));
    TopicNames topics = config.topics();
    return new LearnerConfig(
        config.model(),
        new TopicNames(
            name + "-images",
            topics.metrics(),
            topics.layers(),
            topics.snapshots(),
            topics.deadLetters(),
            topics.journal(),
            topics.control(),
            topics.acknowledgements(),
            topics.aliases()),
        config.network(),
        config.initialization(),
        config.seed(),
        config.images(),
        config.minibatch(),
        config.optimizer(),
        config.schedule(),
        config.metrics(),
        new SnapshotConfig(plan.everySteps(), 0, RETAIN),
        config.guards(),
        config.signing(),
        config.threads(),
        config.kafka());
  }
}
