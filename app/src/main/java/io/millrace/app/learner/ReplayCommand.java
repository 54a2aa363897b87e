package io.millrace.app.learner;

import io.millrace.SkipReason;
import io.millrace.SnapshotManifest;
import io.millrace.app.access.Acl;
import io.millrace.app.access.Refusals;
import io.millrace.app.access.RequiredAcls;
import io.millrace.app.json.JsonLine;
import io.millrace.app.json.JsonOption;
import io.millrace.app.process.VersionProvider;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.learn.Observer;
import io.millrace.topology.replay.Replay;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Learns a published version once more and compares the two. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    sortOptions = false,
    description = {
      "Learns a published version once more and compares the two.",
      "Rebuilds it from the images and the journal. Writes to no topic. Needs the configuration that the version was trained with, and all images"
          + " since the model's beginning.",
      "Exit codes: 0 equal to the bit, 1 different or not to be rebuilt."
    })
public final class ReplayCommand implements Callable<Integer> {

  @Mixin private ConfigOptions options = new ConfigOptions();

  @Option(
      names = "--to-version",
      paramLabel = "N",
      required = true,
      description = "The version to rebuild.")
  private long version;

  @Mixin private JsonOption json = new JsonOption();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before call.
  private CommandSpec spec;

  @Override
  public Integer call() {
    LearnerConfig config = options.load().config();
    PrintWriter out = spec.commandLine().getOut();
    if (!json.isOn()) {
      out.printf(
          "replaying %s from %s on %s to version %d with %d threads%n",
          config.model(),
          config.topics().images(),
          config.kafka().get("bootstrap.servers"),
          version,
          config.threads());
      out.flush();
    }
    Map<String, String> client = KafkaClients.properties(config.kafka());
    Replay.Result result = replay(config, client);
    if (json.isOn()) {
      JsonLine.event("replayed")
          .with("model", config.model())
          .with("version", version)
          .with("equal", result.equal())
          .with("step", result.rebuilt().getStep())
          .with("images", result.rebuilt().getImages())
          .with("publishedSha256", result.published().getSha256())
          .with("rebuiltSha256", result.rebuilt().getSha256())
          .print(out);
      return result.equal() ? 0 : 1;
    }
    print(out, "published", result.published());
    print(out, "rebuilt", result.rebuilt());
    out.println(result.equal() ? "equal to the bit" : "DIFFERENT");
    out.flush();
    return result.equal() ? 0 : 1;
  }

  private Replay.Result replay(LearnerConfig config, Map<String, String> client) {
    try {
      Observer progress =
          json.isOn() ? new Observer() {} : new ProgressLines(spec.commandLine().getOut());
      return new Replay(config, client, progress).run(version);
    } catch (TopicAuthorizationException e) {
      List<Acl> needed = RequiredAcls.replay(config);
      throw new IllegalStateException(Refusals.explain(e, needed).orElseThrow(), e);
    }
  }

  private static void print(PrintWriter out, String what, SnapshotManifest manifest) {
    out.printf(
        "%-9s  step %,d  images %,d  window accuracy %.1f %%  sha256 %s%n",
        what,
        manifest.getStep(),
        manifest.getImages(),
        manifest.getMetrics().getWindowAccuracy() * 100,
        manifest.getSha256());
  }

  /** A line every few seconds. */
  private static final class ProgressLines implements Observer {

    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final PrintWriter out;
    private long steps;
    private long images;
    private long printedNanos = System.nanoTime();

    ProgressLines(PrintWriter out) {
      this.out = out;
    }

    @Override
    public void stepped(int batchSize) {
      steps++;
      images += batchSize;
      if (System.nanoTime() - printedNanos >= INTERVAL_NANOS) {
        printedNanos = System.nanoTime();
        out.printf("step %,d  images %,d%n", steps, images);
        out.flush();
      }
    }

    @Override
    public void skipped(int batchSize, SkipReason reason, String message) {
      out.printf("after step %,d: skipped %d images: %s: %s%n", steps, batchSize, reason, message);
    }
  }
}
