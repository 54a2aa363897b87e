package io.millrace.topology.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ControlAcknowledgement;
import io.millrace.ControlCommand;
import io.millrace.ControlKind;
import io.millrace.ControlOutcome;
import io.millrace.JournalEntry;
import io.millrace.JournalKind;
import io.millrace.LabeledImage;
import io.millrace.SnapshotManifest;
import io.millrace.TrainingMetrics;
import io.millrace.schemas.AvroCodec;
import io.millrace.schemas.SnapshotRecords;
import io.millrace.topology.SmallLearner;
import io.millrace.topology.config.GuardConfig;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.config.MinibatchConfig;
import io.millrace.topology.config.SnapshotConfig;
import io.millrace.topology.decode.Decoded;
import io.millrace.topology.decode.DecodedImage;
import io.millrace.topology.decode.ImageDecoder;
import io.millrace.topology.learn.Commands;
import io.millrace.topology.learn.KeyedBytes;
import io.millrace.topology.learn.Observer;
import io.millrace.topology.learn.Output.Channel;
import io.millrace.topology.learn.TrainingSession;
import io.millrace.topology.state.TrainingCheckpoint;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Seeded lives of a learner with any minibatch size, crashes at any record, bad records in between,
 * minibatches that the guard refuses, and a clock. How many: {@code -Dmillrace.simulations}.
 */
class SimulationTest {

  private static final int SIMULATIONS = Integer.getInteger("millrace.simulations", 100);
  private static final AvroCodec<LabeledImage> IMAGES = AvroCodec.of(LabeledImage.class);

  @TempDir Path folder;

  @Test
  void crashesLeaveNoTrace() {
    int crashes = 0;
    int refusals = 0;
    int acknowledged = 0;
    for (int seed = 0; seed < SIMULATIONS / 2; seed++) {
      Random random = new Random(seed);
      List<byte[]> records = records(random);
      LearnerConfig config = config(random, 0, 0, false);
      // What needs a version waits for a commit, and commits fall where they fall.
      var commands = commands(random, records.size(), WITHOUT_VERSION);
      SimulatedLife straight =
          new SimulatedLife(records, commands, folder.resolve("a" + seed), seed);
      straight.undisturbed(config);
      SimulatedLife crashing =
          new SimulatedLife(records, commands, folder.resolve("b" + seed), seed);
      crashing.disturbed(config, 0);
      String replay = "seed " + seed;
      assertEquals(straight.metrics, crashing.metrics, replay);
      assertEquals(straight.manifests, crashing.manifests, replay);
      assertEquals(straight.deadLetters, crashing.deadLetters, replay);
      assertEquals(kinds(straight), kinds(crashing), replay);
      assertEquals(straight.acknowledgements, crashing.acknowledgements, replay);
      acknowledged += crashing.acknowledgements.size();
      assertEquals(straight.state(), crashing.state(), replay);
      crashes += crashing.crashes;
      refusals += count(crashing, JournalKind.SKIPPED);
    }
    assertTrue(crashes > SIMULATIONS / 2, crashes + " crashes");
    assertTrue(refusals > SIMULATIONS / 20, refusals + " refusals");
    assertTrue(acknowledged > SIMULATIONS / 2, acknowledged + " acknowledgements");
  }

  @Test
  void whatTheClockCutIsReplayedFromTheJournal() {
    Map<JournalKind, Integer> decided = new EnumMap<>(JournalKind.class);
    Map<ControlKind, Integer> applied = new EnumMap<>(ControlKind.class);
    for (int seed = 0; seed < SIMULATIONS / 2; seed++) {
      Random random = new Random(~seed);
      List<byte[]> records = records(random);
      LearnerConfig config =
          config(random, 40 + random.nextInt(100), random.nextInt(2), random.nextInt(2) == 0);
      var commands = commands(random, records.size(), ALL);
      SimulatedLife life = new SimulatedLife(records, commands, folder.resolve("c" + seed), seed);
      life.disturbed(config, 400);
      Replayed replayed = new Replayed(config, life, records);
      String replay = "seed " + seed;
      // Bad records move no boundary, so the journal does not tell on which side of one they fell.
      life.metrics.forEach(each -> each.setRejected(0));
      replayed.metrics.forEach(each -> each.setRejected(0));
      assertEquals(life.metrics, replayed.metrics, replay);
      assertEquals(life.manifests, replayed.manifests, replay);
      answeredOnce(commands, life.acknowledgements, replay);
      life.acknowledgements.stream()
          .filter(each -> each.getOutcome() == ControlOutcome.APPLIED)
          .forEach(each -> applied.merge(each.getKind(), 1, Integer::sum));
      life.journal.forEach(entry -> decided.merge(entry.getKind(), 1, Integer::sum));
    }
    for (JournalKind kind : JournalKind.values()) {
      if (kind != JournalKind.UNKNOWN) {
        assertTrue(decided.getOrDefault(kind, 0) > 0, () -> kind + " never happened: " + decided);
      }
    }
    for (ControlKind kind : ControlKind.values()) {
      if (kind != ControlKind.UNKNOWN) {
        assertTrue(applied.getOrDefault(kind, 0) > 0, () -> kind + " never applied: " + applied);
      }
    }
  }

  /** Each command that does not wait at the end has one final answer, and none has two. */
  private static void answeredOnce(
      Map<Integer, List<ControlCommand>> commands,
      List<ControlAcknowledgement> acknowledgements,
      String replay) {
    Map<String, Integer> answers = new TreeMap<>();
    Map<String, Integer> waiting = new TreeMap<>();
    for (ControlAcknowledgement each : acknowledgements) {
      boolean waits = each.getOutcome() == ControlOutcome.WAITING;
      (waits ? waiting : answers).merge(each.getCommandId(), 1, Integer::sum);
    }
    answers.forEach((id, count) -> assertEquals(1, count, replay + ": answers to " + id));
    for (List<ControlCommand> each : commands.values()) {
      for (ControlCommand command : each) {
        boolean mayWait =
            command.getNotBeforeStep().isPresent()
                || command.getVersion().isPresent()
                || !command.getModel().equals("small");
        assertTrue(
            mayWait || answers.containsKey(command.getId()), replay + ": no answer to " + command);
      }
    }
  }

  /** A session that is fed the records and the journal. */
  private static final class Replayed {

    final List<TrainingMetrics> metrics = new ArrayList<>();
    final List<SnapshotManifest> manifests = new ArrayList<>();

    private final AvroCodec<TrainingMetrics> metricsCodec = AvroCodec.of(TrainingMetrics.class);
    private final AvroCodec<JournalEntry> journalCodec = AvroCodec.of(JournalEntry.class);
    private final JournalScript script;

    Replayed(LearnerConfig config, SimulatedLife life, List<byte[]> records) {
      script = new JournalScript(life.journal);
      ImageDecoder decoder = new ImageDecoder(config.network(), config.images());
      try (TrainingSession session =
          new TrainingSession(config, new TrainingCheckpoint(), new Observer() {}, this::take)) {
        Commands commands =
            new Commands(
                config,
                session,
                version -> Optional.ofNullable(life.snapshots.get(version)),
                new Observer() {},
                this::take);
        for (int at = 0; at < records.size(); at++) {
          switch (decoder.decode(records.get(at))) {
            case Decoded.Accepted image when image.heldOut() -> {}
            case Decoded.Rejected _ -> session.progress().countRejected();
            case Decoded.Accepted image -> {
              play(session, commands);
              session.add(DecodedImage.of(image, at, "images", 0, at));
              play(session, commands);
            }
          }
        }
      }
    }

    private void play(TrainingSession session, Commands commands) {
      session.trainFull();
      while (script.playNext(session, commands)) {
        // Everything that is due here.
      }
    }

    private void take(Channel channel, KeyedBytes record) {
      byte[] value = record.value();
      if (value == null) {
        return;
      }
      switch (channel) {
        case METRICS -> metrics.add(SimulatedLife.blank(metricsCodec.decode(value)));
        case JOURNAL -> script.written(journalCodec.decode(value));
        case SNAPSHOTS -> {
          if (new String(record.key(), StandardCharsets.UTF_8).endsWith("/manifest")) {
            manifests.add(SimulatedLife.blank(SnapshotRecords.open(value)));
          }
        }
        case LAYERS, DEAD_LETTERS, ACKNOWLEDGEMENTS, ALIASES -> {}
      }
    }
  }

  private static LearnerConfig config(
      Random random, long lingerMs, int everySeconds, boolean pauses) {
    int everySteps = everySeconds == 0 ? 1 + random.nextInt(4) : 0;
    return SmallLearner.config(
        new MinibatchConfig(1 + random.nextInt(9), lingerMs),
        new SnapshotConfig(everySteps, everySeconds, 1 + random.nextInt(3)),
        new GuardConfig(2 + random.nextInt(4), 3, pauses ? 1 : 0, pauses));
  }

  /** Images, some of them blinding or torn or of no class. */
  private static List<byte[]> records(Random random) {
    int count = 20 + random.nextInt(60);
    List<byte[]> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      LabeledImage image = SmallLearner.image(i);
      image.setEventTimeMs(1_000L + i);
      switch (random.nextInt(12)) {
        case 0 -> records.add(new byte[] {1, 2, 3});
        case 1 -> {
          image.setLabel(99);
          records.add(IMAGES.encode(image));
        }
        case 2 -> {
          byte[] pixels = new byte[SmallLearner.SIDE * SmallLearner.SIDE];
          Arrays.fill(pixels, (byte) 255);
          image.setData(ByteBuffer.wrap(pixels));
          records.add(IMAGES.encode(image));
        }
        default -> records.add(IMAGES.encode(image));
      }
    }
    return records;
  }

  private static final List<ControlKind> WITHOUT_VERSION =
      List.of(
          ControlKind.PAUSE,
          ControlKind.RESUME,
          ControlKind.RESUME,
          ControlKind.SET_LEARNING_RATE,
          ControlKind.PUBLISH,
          ControlKind.DELETE_ALIAS);

  private static final List<ControlKind> ALL =
      Stream.concat(
              WITHOUT_VERSION.stream(),
              Stream.of(
                  ControlKind.ROLL_BACK,
                  ControlKind.ROLL_BACK,
                  ControlKind.SET_ALIAS,
                  ControlKind.SET_ALIAS,
                  ControlKind.SET_ALIAS,
                  ControlKind.DELETE_ALIAS))
          .toList();

  /** Commands by the record that they come before. */
  private static Map<Integer, List<ControlCommand>> commands(
      Random random, int records, List<ControlKind> kinds) {
    Map<Integer, List<ControlCommand>> commands = new TreeMap<>();
    int count = random.nextInt(12);
    for (int i = 0; i < count; i++) {
      ControlKind kind = kinds.get(random.nextInt(kinds.size()));
      boolean named = kind == ControlKind.SET_ALIAS || kind == ControlKind.DELETE_ALIAS;
      boolean versioned = kind == ControlKind.SET_ALIAS || kind == ControlKind.ROLL_BACK;
      ControlCommand command =
          ControlCommand.newBuilder()
              .setId("command-" + i)
              .setModel(random.nextInt(10) == 0 ? "another" : "small")
              .setKind(kind)
              .setLearningRate(random.nextInt(3) == 0 ? null : random.nextDouble() / 10)
              .setVersion(versioned ? 1L + random.nextInt(5) : null)
              .setAlias(named ? "champion" : null)
              .setNotBeforeStep(random.nextInt(3) == 0 ? (long) random.nextInt(20) : null)
              .setSentMs(0)
              .build();
      commands.computeIfAbsent(random.nextInt(records), _ -> new ArrayList<>()).add(command);
    }
    return commands;
  }

  private static List<JournalKind> kinds(SimulatedLife life) {
    return life.journal.stream().map(JournalEntry::getKind).toList();
  }

  private static int count(SimulatedLife life, JournalKind kind) {
    return (int) life.journal.stream().filter(entry -> entry.getKind() == kind).count();
  }
}
