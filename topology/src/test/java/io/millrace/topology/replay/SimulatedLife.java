package io.millrace.topology.replay;

import io.millrace.AcknowledgementObserved;
import io.millrace.ControlAcknowledgement;
import io.millrace.ControlCommand;
import io.millrace.JournalEntry;
import io.millrace.LearnerProgress;
import io.millrace.MetricsObserved;
import io.millrace.SnapshotManifest;
import io.millrace.SnapshotObserved;
import io.millrace.TrainingMetrics;
import io.millrace.schemas.AvroCodec;
import io.millrace.schemas.SnapshotRecords;
import io.millrace.schemas.TensorBytes;
import io.millrace.serving.AssemblyResult;
import io.millrace.serving.Snapshot;
import io.millrace.serving.SnapshotAssembler;
import io.millrace.topology.MillraceTopology;
import io.millrace.topology.StreamsProperties;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.learn.Observer;
import io.millrace.topology.state.CrashingStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/**
 * A learner's life over a list of records, with commits, crashes and the clock as a seed decides. A
 * crash loses all that came after the last commit, as an aborted transaction does.
 */
final class SimulatedLife {

  private static final AvroCodec<ControlCommand> COMMANDS = AvroCodec.of(ControlCommand.class);
  private static final AvroCodec<ControlAcknowledgement> ACKNOWLEDGEMENTS =
      AvroCodec.of(ControlAcknowledgement.class);
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  /** What a life has said in committed transactions. */
  final List<TrainingMetrics> metrics = new ArrayList<>();

  final List<SnapshotManifest> manifests = new ArrayList<>();
  final List<JournalEntry> journal = new ArrayList<>();
  final List<String> deadLetters = new ArrayList<>();
  final List<ControlAcknowledgement> acknowledgements = new ArrayList<>();
  final Map<Long, Snapshot> snapshots = new TreeMap<>();
  int crashes;

  private final CrashingStore.Changelog changelog = new CrashingStore.Changelog();
  private final SnapshotAssembler assembler =
      new SnapshotAssembler(Optional.of("small"), Integer.MAX_VALUE);
  private final List<byte[]> records;
  private final Map<Integer, List<ControlCommand>> commands;
  private final Path folder;
  private final Random random;
  private int committed;

  /**
   * A life to be lived.
   *
   * @param commands that arrive before the record of their number
   */
  SimulatedLife(
      List<byte[]> records, Map<Integer, List<ControlCommand>> commands, Path folder, long seed) {
    this.records = records;
    this.commands = commands;
    this.folder = folder;
    this.random = new Random(seed);
  }

  /** Lives without a crash, and with a clock that stands still. */
  void undisturbed(LearnerConfig config) {
    live(config, records.size(), 1, 0);
  }

  /**
   * Crashes and starts again until all records are committed.
   *
   * @param longestMs by which the clock advances after a record; 0 for a clock that stands still
   */
  void disturbed(LearnerConfig config, int longestMs) {
    while (committed < records.size()) {
      live(config, 1 + random.nextInt(records.size()), 1 + random.nextInt(12), longestMs);
      crashes++;
    }
  }

  private void live(LearnerConfig config, int most, int commitEvery, int longestMs) {
    Properties properties = StreamsProperties.of(config);
    properties.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
    var topology =
        MillraceTopology.build(
            config,
            new Observer() {},
            changelog.stores(),
            version -> Optional.ofNullable(snapshots.get(version)));
    Instant now = START.plusSeconds(committed);
    try (var driver = new TopologyTestDriver(topology, properties, now)) {
      var serializer = new ByteArraySerializer();
      TestInputTopic<byte[], byte[]> input =
          driver.createInputTopic(config.topics().images(), serializer, serializer);
      TestInputTopic<byte[], byte[]> control =
          driver.createInputTopic(config.topics().control(), serializer, serializer);
      int end = Math.min(records.size(), committed + most);
      for (int at = committed; at < end; at++) {
        boolean last = at == records.size() - 1;
        boolean commit = last || random.nextInt(commitEvery) == 0;
        changelog.commit(commit);
        for (ControlCommand command : commands.getOrDefault(at, List.of())) {
          control.pipeInput(COMMANDS.encode(command));
        }
        byte[] key = Integer.toString(at).getBytes(StandardCharsets.UTF_8);
        input.pipeInput(new TestRecord<>(key, records.get(at), START.plusMillis(at)));
        if (longestMs > 0 && random.nextInt(3) == 0) {
          driver.advanceWallClockTime(Duration.ofMillis(1 + random.nextInt(longestMs)));
        }
        if (commit) {
          collect(driver, config);
          committed = at + 1;
        }
      }
      changelog.commit(false);
    }
  }

  /** Takes what the transaction has written. */
  private void collect(TopologyTestDriver driver, LearnerConfig config) {
    AvroCodec<TrainingMetrics> metricsCodec = AvroCodec.of(TrainingMetrics.class);
    AvroCodec<JournalEntry> journalCodec = AvroCodec.of(JournalEntry.class);
    for (var record : read(driver, config.topics().metrics())) {
      metrics.add(blank(metricsCodec.decode(record.value())));
    }
    for (var record : read(driver, config.topics().snapshots())) {
      if (record.value() != null && text(record.key()).endsWith("/manifest")) {
        manifests.add(blank(SnapshotRecords.open(record.value())));
      }
      if (record.value() != null
          && assembler.accept(record.key(), record.value())
              instanceof AssemblyResult.Assembled assembled) {
        snapshots.put(assembled.snapshot().version(), assembled.snapshot());
      }
    }
    for (var record : read(driver, config.topics().journal())) {
      journal.add(journalCodec.decode(record.value()));
    }
    for (var record : read(driver, config.topics().acknowledgements())) {
      ControlAcknowledgement acknowledgement = ACKNOWLEDGEMENTS.decode(record.value());
      acknowledgement.setObserved(new AcknowledgementObserved(0L));
      acknowledgements.add(acknowledgement);
    }
    for (var record : read(driver, config.topics().deadLetters())) {
      deadLetters.add(text(record.key()));
    }
  }

  private static List<TestRecord<byte[], byte[]>> read(TopologyTestDriver driver, String topic) {
    var deserializer = new ByteArrayDeserializer();
    return driver.createOutputTopic(topic, deserializer, deserializer).readRecordsToList();
  }

  /** All tensors and the progress as the changelog has them, each as comparable text. */
  Map<String, String> state() {
    Map<String, String> state = new TreeMap<>();
    changelog
        .entries()
        .forEach((key, value) -> {
          if (key.equals("progress")) {
            LearnerProgress progress = AvroCodec.of(LearnerProgress.class).decode(value);
            progress.setSources(List.of());
            state.put(key, progress.toString());
          } else if (key.startsWith("tensor/")) {
            state.put(key, TensorBytes.sha256(value));
          }
        });
    return state;
  }

  /** Without the clock, and without offsets, which TopologyTestDriver counts from each start. */
  static TrainingMetrics blank(TrainingMetrics metrics) {
    metrics.setObserved(new MetricsObserved(0L, 0.0, Map.of(), "", 0.0, -1L, -1L));
    metrics.setSources(List.of());
    metrics.getPredictions().forEach(prediction -> prediction.setOffset(0));
    return metrics;
  }

  static SnapshotManifest blank(SnapshotManifest manifest) {
    manifest.setObserved(new SnapshotObserved(0L, "", "", 0, ""));
    manifest.setChecksum("");
    manifest.getProvenance().setSources(List.of());
    return manifest;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
