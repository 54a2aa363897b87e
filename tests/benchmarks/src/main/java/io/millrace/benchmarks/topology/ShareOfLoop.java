package io.millrace.benchmarks.topology;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.app.data.SourceImage;
import io.millrace.app.network.NetworkFiles;
import io.millrace.benchmarks.measure.Effort;
import io.millrace.benchmarks.measure.Series;
import io.millrace.benchmarks.measure.Spread;
import io.millrace.benchmarks.processes.ChildJvm;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.topology.config.LearnerConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Trains from the topic and from memory in turn: what {@link Streams} measures. */
final class ShareOfLoop {
  /** In memory; more than a learner knows by heart. */
  private static final int IMAGES = 8192;

  private static final int WARM_UP_MS = 4_000;

  /** Rounds may be as many again, and a window lasts until a commit. */
  private static final double IMAGES_TO_SPARE = 2.5;

  /** Of a round, beside the window: the rest of a commit's interval. */
  private static final int BESIDE_WINDOW_MS = 2_000;

  /** What a child is told. */
  record Plan(Where where, String network, int batch, Effort effort) {}

  /**
   * What it found.
   *
   * @param loop images per second from memory
   * @param learner images per second from the topic
   * @param share the second of the first, within each round
   * @param addedMicros per image
   * @param loopCpuMicros of CPU per image, in disturbed windows too
   * @param learnerCpuMicros the same from the topic, without the broker's
   * @param reliable whether there was a round that nobody disturbed
   * @param foreign processors that others used while the learner ran
   * @param disturbed windows of the learner
   * @param windows of the learner in all
   */
  record Result(
      String network,
      int batch,
      int threads,
      Spread loop,
      Spread learner,
      Spread share,
      Spread addedMicros,
      double loopCpuMicros,
      double learnerCpuMicros,
      boolean reliable,
      Spread foreign,
      int disturbed,
      int windows) {}

  private ShareOfLoop() {}

  /** Argument: a {@link Plan} as JSON. Prints a {@link Result}. */
  public static void main(String[] arguments) throws JsonProcessingException {
    ObjectMapper json = new ObjectMapper();
    Plan plan = json.readValue(arguments[0], Plan.class);
    System.out.println(ChildJvm.RESULT + json.writeValueAsString(measure(plan)));
  }

  private static Result measure(Plan plan) {
    NetworkSpec network = NetworkFiles.load(plan.network(), Path.of("").toAbsolutePath());
    String name = network.name() + "-" + plan.batch();
    Where where = plan.where();
    LearnerConfig config = BenchLearner.config(where, network, plan.batch(), name, Map.of());
    BenchLearner.createTopics(config);
    List<SourceImage> images = ImageTopic.first(where, network.input(), IMAGES);
    try (BareLoop loop = new BareLoop(config, images, where.helpers())) {
      double speed = loop.warmUp();
      int roundMs = plan.effort().windowMs() + BESIDE_WINDOW_MS;
      double seconds = (WARM_UP_MS + (double) plan.effort().rounds() * roundMs) * 1e-3;
      ImageTopic.fill(where, network.input(), (long) (IMAGES_TO_SPARE * speed * seconds));
      try (MeasuredLearner learner = new MeasuredLearner(config, where.helpers())) {
        learner.warmUp(Duration.ofMillis(WARM_UP_MS));
        List<Series> series = Rounds.measure(List.of(loop, learner), plan.effort());
        return result(plan, config, series.getFirst(), series.getLast());
      }
    }
  }

  private static Result result(Plan plan, LearnerConfig config, Series loop, Series learner) {
    int batch = plan.batch();
    return new Result(
        config.network().name(),
        batch,
        config.threads(),
        loop.rate().times(batch),
        learner.rate().times(batch),
        Rounds.compare(learner, loop, (one, other) -> one / other),
        Rounds.compare(learner, loop, (one, other) -> 1e6 / batch * (1 / one - 1 / other)),
        1e6 / (loop.cpuRate().median() * batch),
        1e6 / (learner.cpuRate().median() * batch),
        learner.comparable(loop),
        learner.foreign(),
        learner.disturbed(),
        learner.windows().size());
  }
}
