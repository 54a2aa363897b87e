package io.millrace.topology.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ControlAcknowledgement;
import io.millrace.ControlCommand;
import io.millrace.ControlKind;
import io.millrace.ControlOutcome;
import io.millrace.LabeledImage;
import io.millrace.schemas.AvroCodec;
import io.millrace.serving.AssemblyResult;
import io.millrace.serving.Snapshot;
import io.millrace.serving.SnapshotAssembler;
import io.millrace.topology.SmallLearner;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.config.MinibatchConfig;
import io.millrace.topology.config.SnapshotConfig;
import io.millrace.topology.decode.Decoded;
import io.millrace.topology.decode.DecodedCommand;
import io.millrace.topology.decode.DecodedImage;
import io.millrace.topology.decode.ImageDecoder;
import io.millrace.topology.learn.Output.Channel;
import io.millrace.topology.state.TrainingCheckpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

/** Commands that wait for a version that nobody can see yet. */
class CommandsTest {

  private static final int BATCH = 2;
  private static final LearnerConfig CONFIG =
      SmallLearner.config(new MinibatchConfig(BATCH, 0), new SnapshotConfig(1, 0, 5));

  private final Map<Long, Snapshot> published = new HashMap<>();
  private final Map<Long, Snapshot> visible = new HashMap<>();
  private final List<ControlAcknowledgement> answers = new ArrayList<>();
  private final SnapshotAssembler assembler =
      new SnapshotAssembler(Optional.of(CONFIG.model()), Integer.MAX_VALUE);
  private final TrainingCheckpoint checkpoint = new TrainingCheckpoint();
  private int images;

  @Test
  void nothingIsLearnedBeforeACommandThatIsDueNotEvenAfterARestart() {
    try (TrainingSession session = session()) {
      Commands commands = commands(session, version -> Optional.ofNullable(visible.get(version)));
      commands.take(rollBack(2));
      learn(session, 5);
      assertEquals(2, session.step());
      assertTrue(commands.blocked());
    }
    try (TrainingSession session = session()) {
      Commands commands = commands(session, version -> Optional.ofNullable(visible.get(version)));
      session.trainFull();
      learn(session, 1);
      assertEquals(2, session.step());
      visible.putAll(published);
      commands.retry();
      session.trainFull();
      assertEquals(6, session.step());
    }
    assertEquals(
        List.of(ControlOutcome.WAITING, ControlOutcome.APPLIED),
        answers.stream().map(ControlAcknowledgement::getOutcome).toList());
    assertEquals(2, answers.getLast().getStep());
    assertEquals(
        "rolled back to version 1, published as version 3", answers.getLast().getMessage());
  }

  @Test
  void aVersionThatNeverComesIsGivenUp() {
    try (TrainingSession session = session()) {
      Commands commands = commands(session, _ -> Optional.empty());
      learn(session, 1);
      commands.take(rollBack(0));
      for (int i = 0; commands.blocked(); i++) {
        assertTrue(i < 100, "it waits for ever");
        commands.retry();
      }
      learn(session, 1);
      assertEquals(2, session.step());
    }
    assertRejected("expected it whole in millrace.snapshots, got less");
  }

  @Test
  void aTopicThatCannotBeReadIsTriedAgainAndOneThatMayNotIsNot() {
    try (TrainingSession session = session()) {
      int[] tries = {0};
      Commands commands =
          commands(
              session,
              version -> {
                if (tries[0]++ == 0) {
                  throw new KafkaException("away");
                }
                return Optional.ofNullable(published.get(version));
              });
      learn(session, 1);
      commands.take(rollBack(0));
      assertTrue(commands.blocked());
      commands.retry();
      assertEquals(ControlOutcome.APPLIED, answers.getLast().getOutcome());
    }
    answers.clear();
    try (TrainingSession session = session()) {
      Commands commands =
          commands(
              session,
              _ -> {
                throw new TopicAuthorizationException("millrace.snapshots");
              });
      commands.take(new DecodedCommand(command("b", 0).build(), Optional.empty()));
    }
    assertRejected("expected the right to READ topic millrace.snapshots");
  }

  private void assertRejected(String message) {
    assertEquals(ControlOutcome.REJECTED, answers.getLast().getOutcome());
    assertTrue(answers.getLast().getMessage().contains(message), answers.getLast().getMessage());
  }

  private TrainingSession session() {
    return new TrainingSession(CONFIG, checkpoint, new Observer() {}, this::take);
  }

  private Commands commands(TrainingSession session, SnapshotArchive archive) {
    return new Commands(CONFIG, session, archive, new Observer() {}, this::take);
  }

  private void take(Channel channel, KeyedBytes record) {
    if (channel == Channel.ACKNOWLEDGEMENTS) {
      answers.add(AvroCodec.of(ControlAcknowledgement.class).decode(record.value()));
    } else if (channel == Channel.SNAPSHOTS
        && assembler.accept(record.key(), record.value())
            instanceof AssemblyResult.Assembled assembled) {
      published.put(assembled.snapshot().version(), assembled.snapshot());
    }
  }

  private void learn(TrainingSession session, int minibatches) {
    ImageDecoder decoder = new ImageDecoder(CONFIG.network(), CONFIG.images());
    AvroCodec<LabeledImage> codec = AvroCodec.of(LabeledImage.class);
    for (int i = 0; i < BATCH * minibatches; i++) {
      byte[] bytes = codec.encode(SmallLearner.image(images));
      if (decoder.decode(bytes) instanceof Decoded.Accepted image) {
        session.add(DecodedImage.of(image, images, "images", 0, images));
      }
      images++;
    }
  }

  private static DecodedCommand rollBack(long notBeforeStep) {
    return new DecodedCommand(command("a", notBeforeStep).build(), Optional.empty());
  }

  private static ControlCommand.Builder command(String id, long notBeforeStep) {
    return ControlCommand.newBuilder()
        .setId(id)
        .setModel(CONFIG.model())
        .setKind(ControlKind.ROLL_BACK)
        .setVersion(1L)
        .setNotBeforeStep(notBeforeStep)
        .setSentMs(0)
        .setReason("");
  }
}
