package io.millrace.app.promote;

import io.millrace.ControlAcknowledgement;
import io.millrace.ControlCommand;
import io.millrace.ControlKind;
import io.millrace.ControlOutcome;
import io.millrace.app.control.ControlClient;
import io.millrace.app.control.SignWith;
import io.millrace.app.downstream.Evaluation;
import io.millrace.app.downstream.Evaluator;
import io.millrace.app.downstream.HeldOut;
import io.millrace.app.json.JsonLine;
import io.millrace.app.json.JsonOption;
import io.millrace.app.learner.ConfigOptions;
import io.millrace.app.learner.KafkaClients;
import io.millrace.app.learner.TrustedKeyOptions;
import io.millrace.app.process.StopSignal;
import io.millrace.app.process.VersionProvider;
import io.millrace.app.promote.PromotionGate.Decision;
import io.millrace.serving.ModelSelection;
import io.millrace.serving.Snapshot;
import io.millrace.serving.SnapshotSubscriber;
import io.millrace.serving.SubscriberConfig;
import io.millrace.topology.config.LearnerConfig;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Moves an alias on to the newest version as long as held-out images say that it is good enough.
 */
@Command(
    name = "promote",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    sortOptions = false,
    description = {
      "Moves an alias on while held-out images agree.",
      "It follows the newest version, unless that is worse on the stream's held-out images.",
      "Held-out images are those of the images topic that say so (produce --held-out): no learner"
          + " trains on them. Ctrl-C ends it."
    })
public final class PromoteCommand implements Callable<Integer> {

  private static final Duration TURN = Duration.ofMillis(200);
  private static final Duration ANSWER = Duration.ofSeconds(30);

  @Mixin private ConfigOptions options = new ConfigOptions();
  @Mixin private SignWith signWith = new SignWith();
  @Mixin private TrustedKeyOptions trusted = new TrustedKeyOptions();

  @Option(
      names = "--alias",
      paramLabel = "NAME",
      defaultValue = "champion",
      description = "The alias that is moved on (default: ${DEFAULT-VALUE}).")
  private String alias = "champion";

  @Option(
      names = "--max-drop",
      paramLabel = "SHARE",
      defaultValue = "0.01",
      description =
          "Held-out accuracy may fall by so much, as a share: 0.01 is one point (default:"
              + " ${DEFAULT-VALUE}).")
  private double maxDrop;

  @Option(
      names = "--window",
      paramLabel = "N",
      defaultValue = "2000",
      description = "Measures on the newest N held-out images (default: ${DEFAULT-VALUE}).")
  private int window;

  @Option(
      names = "--min-images",
      paramLabel = "N",
      defaultValue = "200",
      description = "Decides nothing with fewer held-out images (default: ${DEFAULT-VALUE}).")
  private int minImages;

  @Option(
      names = "--once",
      description = "Decides about the newest version and ends; 1 if it was refused.")
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
    PromotionGate gate = new PromotionGate(maxDrop);
    if (window < 1 || minImages < 1 || minImages > window) {
      throw new IllegalArgumentException(
          "--window and --min-images: expected 1 <= min-images <= window, got "
              + minImages
              + " and "
              + window);
    }
    LearnerConfig config = options.load().config();
    Map<String, String> client = KafkaClients.properties(config.kafka());
    SubscriberConfig newest =
        new SubscriberConfig(
                Map.copyOf(client),
                config.topics().snapshots(),
                Optional.of(config.model()),
                SubscriberConfig.DEFAULT_MAX_SNAPSHOT_BYTES)
            .withAliasesTopic(config.topics().aliases())
            .withTrustedKeys(trusted.keys());
    SubscriberConfig named = newest.withSelection(config.model(), new ModelSelection.Alias(alias));
    Champion champion = new Champion();
    try (StopSignal stop = new StopSignal();
        SnapshotSubscriber candidates = SnapshotSubscriber.start(newest, _ -> {});
        SnapshotSubscriber _ = SnapshotSubscriber.start(named, champion);
        EvalWindow images =
            new EvalWindow(
                client, config.topics().images(), config.network(), config.images(), window);
        ControlClient control = new ControlClient(client, config.topics(), signWith.signer())) {
      candidates.awaitFirst(Duration.ofSeconds(timeoutSeconds));
      Judge judge = new Judge(config, gate, images, control, champion);
      return once ? judge.once(candidates) : judge.follow(stop, candidates);
    } catch (TimeoutException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  /** What is needed to judge a version. */
  private final class Judge {

    private final LearnerConfig config;
    private final PromotionGate gate;
    private final EvalWindow images;
    private final ControlClient control;
    private final Champion champion;

    Judge(
        LearnerConfig config,
        PromotionGate gate,
        EvalWindow images,
        ControlClient control,
        Champion champion) {
      this.config = config;
      this.gate = gate;
      this.images = images;
      this.control = control;
      this.champion = champion;
    }

    int once(SnapshotSubscriber candidates) throws InterruptedException {
      HeldOut heldOut = images.refresh();
      if (heldOut.size() < minImages) {
        throw new IllegalStateException(few(heldOut));
      }
      return judge(candidates.newest().orElseThrow(), heldOut) ? 0 : 1;
    }

    int follow(StopSignal stop, SnapshotSubscriber candidates) throws InterruptedException {
      long judged = 0;
      boolean saidFew = false;
      while (!stop.await(TURN)) {
        Snapshot candidate = candidates.newest().orElseThrow();
        HeldOut heldOut = candidate.version() == judged ? HeldOut.none() : images.refresh();
        if (heldOut.size() >= minImages) {
          judged = candidate.version();
          judge(candidate, heldOut);
        } else if (candidate.version() != judged && !saidFew) {
          saidFew = true;
          if (json.isOn()) {
            JsonLine.event("waiting")
                .with("message", few(heldOut))
                .print(spec.commandLine().getOut());
          } else {
            print("waiting: " + few(heldOut));
          }
        }
      }
      return 0;
    }

    private boolean judge(Snapshot candidate, HeldOut heldOut) throws InterruptedException {
      Optional<Snapshot> before = champion.await(ANSWER);
      if (before.isPresent() && before.get().version() == candidate.version()) {
        tell(candidate, "unchanged", "is " + alias + " already", heldOut);
        return true;
      }
      Evaluation measured = Evaluator.measure(candidate, heldOut, config.threads());
      Decision decision =
          gate.decide(
              measured, before.map(named -> Evaluator.measure(named, heldOut, config.threads())));
      String text = decision.text() + ", on " + heldOut.size() + " held-out images: ";
      if (decision.promote()) {
        name(candidate, decision.text());
        tell(candidate, "promoted", text + alias + " from now on", heldOut);
      } else {
        tell(candidate, "refused", text + "refused", heldOut);
      }
      return decision.promote();
    }

    private void tell(Snapshot candidate, String event, String text, HeldOut heldOut) {
      if (json.isOn()) {
        JsonLine.event(event)
            .with("model", config.model())
            .with("alias", alias)
            .with("version", candidate.version())
            .with("heldOutImages", heldOut.size())
            .with("message", text)
            .print(spec.commandLine().getOut());
      } else {
        print("version " + candidate.version() + ": " + text);
      }
    }

    private void name(Snapshot candidate, String reason) throws InterruptedException {
      ControlCommand command =
          ControlCommand.newBuilder()
              .setId(UUID.randomUUID().toString())
              .setModel(config.model())
              .setKind(ControlKind.SET_ALIAS)
              .setAlias(alias)
              .setVersion(candidate.version())
              .setSentMs(System.currentTimeMillis())
              .setExpiresMs(System.currentTimeMillis() + ANSWER.toMillis())
              .setReason(reason)
              .build();
      Optional<ControlAcknowledgement> answer = control.send(command, ANSWER);
      if (answer.isEmpty() || answer.get().getOutcome() != ControlOutcome.APPLIED) {
        throw new IllegalStateException(
            "alias "
                + alias
                + ": expected the learner to have it stand for version "
                + candidate.version()
                + ", got "
                + answer.map(ControlAcknowledgement::getMessage).orElse("no answer")
                + "; is the learner running?");
      }
      // The next version is judged against this one.
      champion.awaitVersion(candidate.version(), ANSWER);
    }

    private String few(HeldOut heldOut) {
      return String.format(
          "topic %s: expected %d held-out images or more, got %d; './millrace produce --held-out'"
              + " sends some, --min-images asks for fewer",
          config.topics().images(), minImages, heldOut.size());
    }
  }

  private void print(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
