package io.millrace.app.downstream;

import io.millrace.app.access.Refusals;
import io.millrace.app.data.DatasetSpec;
import io.millrace.app.data.ImageSource;
import io.millrace.app.json.JsonLine;
import io.millrace.app.json.JsonOption;
import io.millrace.app.learner.ConfigOptions;
import io.millrace.app.learner.KafkaClients;
import io.millrace.app.process.VersionProvider;
import io.millrace.serving.Snapshot;
import io.millrace.serving.SnapshotListener;
import io.millrace.serving.SnapshotSubscriber;
import io.millrace.serving.SubscriberConfig;
import io.millrace.topology.config.ImageConfig;
import io.millrace.topology.config.LearnerConfig;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Follows the snapshots of a model, as a downstream program does. */
@Command(
    name = "consume",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    sortOptions = false,
    description = {
      "Follows the snapshots of a model as they are published.",
      "Loads and verifies each, and measures it on held-out images where --dataset names some. Ctrl-C ends it."
    })
public final class ConsumeCommand implements Callable<Integer> {

  @Mixin private ConfigOptions options = new ConfigOptions();

  @Option(
      names = "--dataset",
      paramLabel = "NAME|PATH",
      description = "Held-out images, such as fashion-mnist:test or folder:photos:test.")
  private @Nullable String dataset;

  @Option(names = "--once", description = "Ends after the newest snapshot.")
  private boolean once;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "Waits so long for the first snapshot (default: ${DEFAULT-VALUE}).")
  private long timeoutSeconds;

  @Mixin private JsonOption json = new JsonOption();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before call.
  private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    LearnerConfig config = options.load().config();
    Map<String, String> client = KafkaClients.properties(config.kafka());
    SubscriberConfig follow =
        new SubscriberConfig(
            Map.copyOf(client),
            config.topics().snapshots(),
            Optional.of(config.model()),
            SubscriberConfig.DEFAULT_MAX_SNAPSHOT_BYTES);
    SnapshotListener printer =
        snapshot -> {
          if (!once && dataset == null) {
            tell(snapshot);
          }
        };
    try (SnapshotSubscriber subscriber = SnapshotSubscriber.start(follow, printer)) {
      Snapshot first = subscriber.awaitFirst(Duration.ofSeconds(timeoutSeconds));
      if (dataset == null) {
        if (once) {
          tell(first);
        }
      } else {
        measure(subscriber, heldOut(first));
      }
      if (!once) {
        new CountDownLatch(1).await();
      }
    } catch (TopicAuthorizationException e) {
      throw new IllegalStateException(
          Refusals.topic(config.topics().snapshots(), AclOperation.READ), e);
    } catch (TimeoutException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
    return 0;
  }

  private HeldOut heldOut(Snapshot snapshot) {
    ImageConfig images =
        new ImageConfig(
            snapshot.normalization(),
            snapshot.classNames(),
            ImageConfig.DEFAULT_MAX_RECORD_BYTES,
            ImageConfig.DEFAULT_MAX_PIXELS);
    try (ImageSource source =
        DatasetSpec.parse(String.valueOf(dataset)).open(spec.commandLine().getErr()::println)) {
      return HeldOut.of(source, snapshot.network(), images);
    }
  }

  /** Measures the newest snapshot, and unless it is asked for one only, each that follows. */
  private void measure(SnapshotSubscriber subscriber, HeldOut heldOut) throws InterruptedException {
    int threads = Runtime.getRuntime().availableProcessors();
    long measured = 0;
    do {
      Snapshot newest = subscriber.newest().orElseThrow();
      if (newest.version() != measured) {
        measured = newest.version();
        tell(Evaluator.measure(newest, heldOut, threads));
      } else {
        Thread.sleep(100);
      }
    } while (!once);
  }

  private void tell(Evaluation evaluation) {
    if (json.isOn()) {
      event("measured", evaluation.snapshot())
          .with("heldOutAccuracy", evaluation.accuracy())
          .with("heldOutImages", evaluation.images())
          .print(spec.commandLine().getOut());
    } else {
      print(evaluation.describe());
    }
  }

  private void tell(Snapshot snapshot) {
    if (json.isOn()) {
      event("snapshot", snapshot).print(spec.commandLine().getOut());
    } else {
      print(describe(snapshot));
    }
  }

  private static JsonLine event(String name, Snapshot snapshot) {
    return JsonLine.event(name)
        .with("model", snapshot.model())
        .with("version", snapshot.version())
        .with("step", snapshot.step())
        .with("images", snapshot.images())
        .with("loss", snapshot.metrics().windowLoss())
        .with("accuracy", snapshot.metrics().windowAccuracy())
        .with("sha256", snapshot.sha256())
        .with("publishedMs", snapshot.publishedMs());
  }

  private static String describe(Snapshot snapshot) {
    return String.format(
        Locale.ROOT,
        "version %d  step %,d  images %,d  loss %.4f  accuracy %.2f %%  sha256 %s",
        snapshot.version(),
        snapshot.step(),
        snapshot.images(),
        snapshot.metrics().windowLoss(),
        snapshot.metrics().windowAccuracy() * 100,
        snapshot.sha256());
  }

  private void print(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
