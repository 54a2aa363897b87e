package io.millrace.app.demo;

import io.millrace.TrainingMetrics;
import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.app.data.DatasetSpec;
import io.millrace.app.data.ImageOrder;
import io.millrace.app.data.ImageSource;
import io.millrace.app.downstream.Evaluation;
import io.millrace.app.downstream.Evaluator;
import io.millrace.app.downstream.HeldOut;
import io.millrace.app.learner.KafkaClients;
import io.millrace.app.learner.LearnerStoppedException;
import io.millrace.app.learner.LearnerTopics;
import io.millrace.app.learner.MetricsFollower;
import io.millrace.app.network.NetworkFiles;
import io.millrace.app.process.StopSignal;
import io.millrace.app.produce.ImageProducer;
import io.millrace.app.produce.TopicSetup;
import io.millrace.app.progress.LearningView;
import io.millrace.app.tensorboard.TensorBoardFollower;
import io.millrace.app.terminal.Screen;
import io.millrace.model.kernel.KernelLookup;
import io.millrace.model.kernel.Kernels;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.serving.Snapshot;
import io.millrace.serving.SnapshotSubscriber;
import io.millrace.serving.SubscriberConfig;
import io.millrace.topology.LearnerApplication;
import io.millrace.topology.config.LearnerConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Starts every part of Millrace around one embedded broker, watches, and takes all down again. */
final class Demo {

  private static final Duration TURN = Duration.ofMillis(200);
  private static final int SAMPLE = 1_000;

  private final DemoSettings settings;
  private final Screen screen;
  private final StopSignal stop = new StopSignal();

  Demo(DemoSettings settings, Screen screen) {
    this.settings = settings;
    this.screen = screen;
  }

  /** Runs to the end or to Ctrl-C; the exit code. */
  int run() throws Exception {
    try (stop;
        screen) {
      runStoppable();
    }
    return 0;
  }

  private void runStoppable() throws Exception {
    DatasetSpec dataset = DatasetSpec.parse(settings.dataset());
    NetworkSpec network = NetworkFiles.load(settings.network(), Path.of("").toAbsolutePath());
    try (ImageSource source = dataset.open(screen::print);
        ImageSource heldOutSource = DemoData.heldOut(dataset, source)) {
      long total = Math.min(settings.limit(), (long) source.size() * settings.passes());
      DemoPlan plan = new DemoPlan(source.size(), total, settings.batchSize());
      if (settings.fresh()) {
        DemoData.forget(settings.folder());
      }
      introduce(network, source, heldOutSource);
      try (EmbeddedBroker broker =
          EmbeddedBroker.start(
              EmbeddedBroker.Options.of(settings.folder().resolve("broker"))
                  .withPort(settings.port()))) {
        screen.print("broker      " + broker.bootstrapServers() + " (kcat -b, or any client)");
        LearnerConfig config =
            DemoConfig.of(settings, plan, network, source, broker.bootstrapServers());
        HeldOut heldOut = HeldOut.of(heldOutSource, config.network(), config.images());
        runWithBroker(config, plan, source, heldOut);
      }
    }
  }

  private void introduce(NetworkSpec network, ImageSource source, ImageSource heldOut) {
    Kernels kernels = KernelLookup.lookup();
    screen.print(
        String.format(
            Locale.ROOT,
            "network     %s, %s kernels%s",
            network.name(),
            kernels.name(),
            kernels.lanes() > 1 ? " of " + kernels.lanes() * Float.SIZE + " bits" : ""));
    screen.print(
        String.format(Locale.ROOT, "images      %,d of %s", source.size(), source.description()));
    screen.print(
        String.format(Locale.ROOT, "held out    %,d of %s", heldOut.size(), heldOut.description()));
    screen.print("files       " + settings.folder() + " (--fresh starts over)");
  }

  private void runWithBroker(
      LearnerConfig config, DemoPlan plan, ImageSource source, HeldOut heldOut) throws Exception {
    Map<String, String> client = KafkaClients.properties(config.kafka());
    LearnerTopics.require(client, config, true);
    long present = presentImages(client, config);
    if (present > 0) {
      screen.print(
          String.format(Locale.ROOT, "going on    after %,d images of an earlier run", present));
    }
    LearningView view =
        new LearningView(
            screen, OptionalLong.of(plan.images()), 5, "./millrace control resume goes on");
    SubscriberConfig follow =
        new SubscriberConfig(
            Map.copyOf(client),
            config.topics().snapshots(),
            Optional.of(config.model()),
            SubscriberConfig.DEFAULT_MAX_SNAPSHOT_BYTES);
    try (DemoPage page = DemoPage.start(settings, config);
        TensorBoardFollower _ = tensorBoard(client, config);
        LearnerApplication learner = LearnerApplication.start(config);
        MetricsFollower metrics =
            MetricsFollower.start(client, config.topics().metrics(), view::metrics);
        Evaluator evaluator =
            new Evaluator(heldOut, SAMPLE, result -> view.downstream(result.describe()));
        SnapshotSubscriber subscriber = SnapshotSubscriber.start(follow, evaluator);
        DemoProducer producer =
            DemoProducer.start(
                new ImageProducer(client, config.topics().images(), settings.rate()),
                source,
                new ImageOrder(source.size(), OptionalLong.of(settings.seed()), plan.images()),
                ImageProducer.Start.behind(new long[] {present}))) {
      page.url().ifPresent(url -> screen.print("page        " + url));
      boolean done = watch(learner, metrics, subscriber, producer, view, plan);
      view.end();
      if (done) {
        subscriber.newest().ifPresent(snapshot -> conclude(snapshot, heldOut, config, present > 0));
        if (!settings.exitWhenDone()) {
          screen.print("");
          screen.print(
              "The broker stays up; Ctrl-C ends the demo. ./millrace demo --passes "
                  + (settings.passes() + 1)
                  + " streams the images once more.");
          stop.await();
        }
      } else {
        screen.print("stopping; ./millrace demo goes on from here");
      }
    }
  }

  private @Nullable TensorBoardFollower tensorBoard(
      Map<String, String> client, LearnerConfig config) throws IOException {
    if (settings.tensorBoard().isEmpty()) {
      return null;
    }
    Path folder = settings.tensorBoard().get();
    screen.print("tensorboard tensorboard --logdir " + folder);
    return TensorBoardFollower.start(
        client, config.model(), config.topics(), folder, TensorBoardFollower.From.END);
  }

  private static long presentImages(Map<String, String> client, LearnerConfig config) {
    try (TopicSetup setup = TopicSetup.connect(client)) {
      return setup.endOffsets(config.topics().images())[0];
    }
  }

  /** Shows progress until everything was learned and its snapshot has arrived, or Ctrl-C. */
  private boolean watch(
      LearnerApplication learner,
      MetricsFollower metrics,
      SnapshotSubscriber subscriber,
      DemoProducer producer,
      LearningView view,
      DemoPlan plan)
      throws InterruptedException {
    while (!stop.await(TURN)) {
      if (learner.failure().isPresent()) {
        throw new LearnerStoppedException(learner.failure().get(), List.of());
      }
      refuseToWait(learner.pausedBecause());
      view.paused(learner.pausedBecause());
      producer.check();
      view.turn();
      Optional<TrainingMetrics> last =
          metrics.newest().filter(m -> m.getImages() >= plan.trainableImages());
      Optional<Snapshot> snapshot = subscriber.newest();
      if (last.isPresent()
          && snapshot.isPresent()
          && snapshot.get().step() >= last.get().getStep()) {
        return true;
      }
    }
    return false;
  }

  /** A demo that is to end by itself would never do so. */
  private void refuseToWait(Optional<String> paused) {
    if (paused.isPresent() && settings.exitWhenDone()) {
      throw new IllegalStateException(
          "training waits: "
              + paused.get()
              + "; --set guards.resume=true goes on, --fresh starts over");
    }
  }

  private void conclude(Snapshot snapshot, HeldOut heldOut, LearnerConfig config, boolean resumed) {
    screen.print("");
    Evaluation evaluation = Evaluator.measure(snapshot, heldOut, config.threads());
    screen.print(
        String.format(
            Locale.ROOT,
            "learned     %,d images in %,d steps%s, %d threads",
            snapshot.images(),
            snapshot.step(),
            resumed ? ", earlier runs included" : "",
            config.threads()));
    screen.print("downstream  " + evaluation.describe());
    screen.print("sha256      " + snapshot.sha256());
  }
}
