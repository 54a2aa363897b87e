package io.millrace.topology.learn;

import io.millrace.AcknowledgementObserved;
import io.millrace.AliasObserved;
import io.millrace.ControlAcknowledgement;
import io.millrace.ControlCommand;
import io.millrace.ControlOutcome;
import io.millrace.ModelAlias;
import io.millrace.schemas.AvroCodec;
import io.millrace.serving.Snapshot;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.decode.DecodedCommand;
import io.millrace.topology.state.ControlState;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.jspecify.annotations.Nullable;

/**
 * Carries out commands between two steps, each once, and answers each. What it does and says goes
 * into the transaction that also takes the command off its topic. Commands are carried out in the
 * order in which they came, except that those which wait for a step let others pass.
 */
public final class Commands {

  /** So often a version is looked for that should be there, before it is said to be lost. */
  private static final int MOST_TRIES = 20;

  /** What carrying out a command came to; none as long as it has to wait. */
  private record Answer(ControlOutcome outcome, String message) {
    static Answer applied(String message) {
      return new Answer(ControlOutcome.APPLIED, message);
    }

    static Answer rejected(String message) {
      return new Answer(ControlOutcome.REJECTED, message);
    }
  }

  private final AvroCodec<ControlAcknowledgement> acknowledgements =
      AvroCodec.of(ControlAcknowledgement.class);
  private final AvroCodec<ModelAlias> aliases = AvroCodec.of(ModelAlias.class);
  private final LearnerConfig config;
  private final TrainingSession session;
  private final SnapshotArchive archive;
  private final Observer observer;
  private final Output output;
  private final ControlState control;
  private int tries;

  /**
   * Commands to a session.
   *
   * @param archive where versions to roll back to, or to name, are found
   * @param output takes acknowledgements and aliases
   */
  public Commands(
      LearnerConfig config,
      TrainingSession session,
      SnapshotArchive archive,
      Observer observer,
      Output output) {
    this.config = config;
    this.session = session;
    this.archive = archive;
    this.observer = observer;
    this.output = output;
    control = session.progress().control();
    session.betweenSteps(this::carryOutDue);
    // What was blocked before a restart still comes before the next step.
    session.hold(blocked());
  }

  /** Takes a command in: carries it out, or keeps it until its time has come. */
  public void take(DecodedCommand received) {
    session.begin();
    ControlCommand command = received.command();
    if (received.refusal().isPresent()) {
      answer(
          command,
          new Answer(received.refusal().get().outcome(), received.refusal().get().message()));
      return;
    }
    if (!control.take(command.getId())) {
      answer(
          command,
          Answer.rejected(
              "id: expected a new one, got "
                  + command.getId()
                  + ", which came before; send the command with another id"));
      return;
    }
    control.await(command);
    if (!due(command)) {
      answer(
          command,
          new Answer(ControlOutcome.WAITING, "waits for step " + command.getNotBeforeStep().get()));
    }
    carryOutDue();
  }

  /** Whether a command waits for a version to become visible. */
  public boolean blocked() {
    return control.waiting().stream().anyMatch(this::due);
  }

  /** Tries again what is blocked. */
  public void retry() {
    if (blocked()) {
      tries++;
      carryOutDue();
    }
  }

  /**
   * Carries out a command of the journal, as the first run did at this place.
   *
   * @throws IllegalStateException if it cannot be carried out
   */
  public void replay(ControlCommand command) {
    Answer answer = carryOut(command);
    if (answer == null || answer.outcome() != ControlOutcome.APPLIED) {
      throw new IllegalStateException("command " + command.getId() + ": " + answer);
    }
  }

  private boolean due(ControlCommand command) {
    return session.step() >= command.getNotBeforeStep().orElse(0L);
  }

  private void carryOutDue() {
    for (ControlCommand command : control.waiting()) {
      if (due(command)) {
        Answer answer = carryOut(command);
        // Nothing is learned meanwhile, so that it is carried out where it was to be.
        session.hold(answer == null);
        if (answer == null) {
          return;
        }
        tries = 0;
        control.done(command);
        answer(command, answer);
      }
    }
  }

  private @Nullable Answer carryOut(ControlCommand command) {
    long step = session.step();
    return switch (command.getKind()) {
      case PAUSE -> {
        String reason = command.getReason().isEmpty() ? "" : ": " + command.getReason();
        session.pause(command, "command " + command.getId() + " paused it" + reason);
        yield Answer.applied("paused after step " + step);
      }
      case RESUME -> {
        boolean paused = session.paused();
        if (paused) {
          session.resume(command);
        }
        yield Answer.applied(
            paused ? "training goes on after step " + step : "training was not paused");
      }
      case SET_LEARNING_RATE -> {
        OptionalDouble rate =
            command.getLearningRate().map(OptionalDouble::of).orElseGet(OptionalDouble::empty);
        session.fixRate(command, rate);
        yield Answer.applied(
            String.format(
                Locale.ROOT,
                "learning rate %s%s from step %d on",
                session.learningRate(),
                rate.isPresent() ? "" : ", as scheduled,",
                step + 1));
      }
      case PUBLISH -> {
        boolean published = session.publishNow();
        yield Answer.applied(
            published
                ? "published version " + session.progress().snapshotVersion()
                : "nothing was learned since version " + session.progress().snapshotVersion());
      }
      case ROLL_BACK -> withVersion(command, snapshot -> rollBack(command, snapshot));
      case SET_ALIAS -> withVersion(command, snapshot -> setAlias(command, snapshot));
      case DELETE_ALIAS -> deleteAlias(command);
      case UNKNOWN -> throw new IllegalArgumentException("UNKNOWN is refused when it comes");
    };
  }

  private Answer rollBack(ControlCommand command, Snapshot snapshot) {
    session.rollBack(command, snapshot);
    return Answer.applied(
        "rolled back to version "
            + snapshot.version()
            + ", published as version "
            + session.progress().snapshotVersion());
  }

  private Answer setAlias(ControlCommand command, Snapshot snapshot) {
    String alias = command.getAlias().orElseThrow();
    session.versions().setAlias(alias, snapshot.version());
    ModelAlias record =
        ModelAlias.newBuilder()
            .setModel(config.model())
            .setAlias(alias)
            .setVersion(snapshot.version())
            .setSha256(snapshot.sha256())
            .setCommandId(command.getId())
            .setObserved(new AliasObserved(System.currentTimeMillis()))
            .build();
    output.send(
        Output.Channel.ALIASES,
        KeyedBytes.signed(aliasKey(alias), aliases.encode(record), config.signing().signer()));
    return Answer.applied(alias + " is version " + snapshot.version());
  }

  private Answer deleteAlias(ControlCommand command) {
    String alias = command.getAlias().orElseThrow();
    if (!session.versions().removeAlias(alias)) {
      return Answer.rejected("alias " + alias + ": expected one that is set, got none");
    }
    output.send(Output.Channel.ALIASES, KeyedBytes.of(aliasKey(alias), null));
    return Answer.applied(alias + " stands for nothing any more");
  }

  private String aliasKey(String alias) {
    return config.model() + "/" + alias;
  }

  /** Does something with a version; waits where it was published in a transaction under way. */
  private @Nullable Answer withVersion(ControlCommand command, Function<Snapshot, Answer> action) {
    long version = command.getVersion().orElseThrow();
    long newest = session.progress().snapshotVersion();
    long oldest = Math.max(1, newest - config.snapshots().retain() + 1);
    if (version > newest || (version < oldest && !control.kept().contains(version))) {
      return Answer.rejected(
          "version: expected one of "
              + oldest
              + " to "
              + newest
              + (control.kept().isEmpty() ? "" : " or " + control.kept())
              + ", got "
              + version
              + "; ./millrace snapshot list shows them");
    }
    Optional<Snapshot> snapshot;
    try {
      snapshot = archive.find(version);
    } catch (AuthorizationException e) {
      return Answer.rejected(
          "version "
              + version
              + ": expected the right to READ topic "
              + config.topics().snapshots()
              + ", got a refusal; ./millrace acls prints what the learner needs");
    } catch (KafkaException e) {
      return tries < MOST_TRIES
          ? null
          : Answer.rejected("version " + version + ": cannot be read: " + e.getMessage());
    }
    if (snapshot.isEmpty()) {
      return tries < MOST_TRIES
          ? null
          : Answer.rejected(
              "version "
                  + version
                  + ": expected it whole in "
                  + config.topics().snapshots()
                  + ", got less; ./millrace snapshot verify tells what is missing");
    }
    if (!snapshot.get().network().fingerprint().equals(config.network().fingerprint())) {
      return Answer.rejected("version " + version + ": it is of another network");
    }
    return action.apply(snapshot.get());
  }

  private void answer(ControlCommand command, Answer answer) {
    ControlAcknowledgement record =
        ControlAcknowledgement.newBuilder()
            .setCommandId(command.getId())
            .setModel(config.model())
            .setKind(command.getKind())
            .setOutcome(answer.outcome())
            .setMessage(answer.message())
            .setStep(session.step())
            .setVersion(session.progress().snapshotVersion())
            .setObserved(new AcknowledgementObserved(System.currentTimeMillis()))
            .build();
    output.send(
        Output.Channel.ACKNOWLEDGEMENTS,
        KeyedBytes.of(command.getId(), acknowledgements.encode(record)));
    observer.answered(command.getKind(), answer.outcome(), answer.message());
  }
}
