package io.millrace.tests.faults;

import io.millrace.ControlAcknowledgement;
import io.millrace.ControlOutcome;
import io.millrace.JournalEntry;
import io.millrace.LearnerProgress;
import io.millrace.ModelAlias;
import io.millrace.SnapshotManifest;
import io.millrace.TrainingMetrics;
import io.millrace.schemas.AvroCodec;
import io.millrace.schemas.DeadLetterHeaders;
import io.millrace.schemas.SnapshotRecords;
import io.millrace.tests.support.Cluster;
import io.millrace.tests.support.Run;
import io.millrace.topology.config.TopicNames;
import io.millrace.topology.state.TrainingStateStore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * All that a learner has left on its topics, read as committed, as one SHA-256 for each kind of it,
 * and what is wrong with it by itself.
 *
 * @param parts SHA-256 by what it is of
 * @param faults what is missing, double or out of order
 */
record Digest(Map<String, String> parts, long steps, long images, List<String> faults) {

  private static final AvroCodec<TrainingMetrics> METRICS = AvroCodec.of(TrainingMetrics.class);
  private static final AvroCodec<JournalEntry> JOURNAL = AvroCodec.of(JournalEntry.class);
  private static final AvroCodec<LearnerProgress> PROGRESS = AvroCodec.of(LearnerProgress.class);
  private static final AvroCodec<ControlAcknowledgement> ACKNOWLEDGEMENTS =
      AvroCodec.of(ControlAcknowledgement.class);
  private static final AvroCodec<ModelAlias> ALIASES = AvroCodec.of(ModelAlias.class);
  private static final String PENDING = "pending/";

  /** What two digests differ in. */
  List<String> differences(Digest expected) {
    List<String> different = new ArrayList<>();
    expected.parts.forEach((part, hash) -> {
      if (!hash.equals(parts.get(part))) {
        different.add(part);
      }
    });
    return different;
  }

  /**
   * Reads what a run has left.
   *
   * @param images records that can be learned from which were sent
   * @param rejected other records which were sent
   */
  static Digest of(
      Cluster cluster,
      String run,
      TopicNames topics,
      Scenario scenario,
      long images,
      long rejected) {
    Reading reading = new Reading(scenario);
    Map<String, byte[]> state = new TreeMap<>();
    cluster.scan(
        run + "-" + TrainingStateStore.NAME + "-changelog",
        record -> {
          if (record.value() == null) {
            state.remove(Run.key(record));
          } else {
            state.put(Run.key(record), record.value());
          }
        });
    reading.state(state, images, rejected);
    cluster.scan(topics.metrics(), reading::metrics);
    cluster.scan(topics.snapshots(), reading::snapshot);
    cluster.scan(topics.deadLetters(), reading::deadLetter);
    cluster.scan(topics.layers(), reading::layers);
    cluster.scan(topics.journal(), reading::journal);
    cluster.scan(topics.acknowledgements(), reading::acknowledgement);
    cluster.scan(topics.aliases(), reading::alias);
    reading.checkCounts(rejected);
    return new Digest(reading.hex(), reading.step, reading.trained, reading.faults);
  }

  /** What is gathered from one topic after another. */
  private static final class Reading {

    // How many bad records are in hand when a pause begins, and so are counted, is up to the clock.
    private final Set<String> metricsOfChance;

    private final Map<String, MessageDigest> parts = new TreeMap<>();
    private final List<String> faults = new ArrayList<>();
    private long step;
    private long trained;
    private long metrics;
    private long versions;
    private long publishedVersion;
    private long deadLetters;
    private long journal;
    private final Set<String> answered = new HashSet<>();

    Reading(Scenario scenario) {
      metricsOfChance =
          scenario == Scenario.COMMANDS ? Set.of("observed", "rejected") : Set.of("observed");
    }

    void state(Map<String, byte[]> state, long images, long rejected) {
      byte[] bytes = state.get("progress");
      if (bytes == null) {
        faults.add("state: expected a progress entry, got " + state.keySet());
        return;
      }
      LearnerProgress progress = PROGRESS.decode(bytes);
      step = progress.getStep();
      trained = progress.getImages();
      publishedVersion = progress.getSnapshotVersion();
      add("step", Long.toString(step).getBytes(StandardCharsets.UTF_8));
      add("progress", Canonical.bytes(progress, Set.of()));
      state.forEach((key, value) -> addEntry(key, value, progress.getPendingImages()));
      expect("images trained on or pending", images, trained + progress.getPendingImages());
      expect("rejected records", rejected, progress.getRejected());
    }

    private void addEntry(String key, byte[] value, int pendingImages) {
      if (key.startsWith("tensor/")) {
        String part =
            key.contains(".velocity/")
                ? "momentum"
                : key.contains(".running_") ? "batch-norm statistics" : "weights";
        addKeyed(part, key, value);
      } else if (key.startsWith(PENDING)) {
        // Slots above these are left over from earlier minibatches.
        if (Integer.parseInt(key.substring(PENDING.length())) < pendingImages) {
          addKeyed("pending images", key, value);
        }
      } else if (!key.equals("progress")) {
        addKeyed("other state", key, value);
      }
    }

    void metrics(ConsumerRecord<byte[], byte[]> record) {
      TrainingMetrics each = METRICS.decode(record.value());
      expect("step of the next metrics record", ++metrics, each.getStep());
      add("metrics", Canonical.bytes(each, metricsOfChance));
    }

    void layers(ConsumerRecord<byte[], byte[]> record) {
      add("layers", record.value());
    }

    void journal(ConsumerRecord<byte[], byte[]> record) {
      JournalEntry entry = JOURNAL.decode(record.value());
      expect("sequence of the next journal entry", ++journal, entry.getSequence());
      add("journal", Canonical.bytes(entry, Set.of("observed")));
    }

    void acknowledgement(ConsumerRecord<byte[], byte[]> record) {
      ControlAcknowledgement each = ACKNOWLEDGEMENTS.decode(record.value());
      boolean waits = each.getOutcome() == ControlOutcome.WAITING;
      if (!waits && !answered.add(each.getCommandId())) {
        faults.add("command " + each.getCommandId() + ": expected one answer, got another");
      }
      // When a command arrives is up to the network; when it is carried out is not.
      add(
          "acknowledgements",
          Canonical.bytes(
              each, waits ? Set.of("observed", "step", "version") : Set.of("observed")));
    }

    void alias(ConsumerRecord<byte[], byte[]> record) {
      byte[] value =
          record.value() == null
              ? new byte[0]
              : Canonical.bytes(ALIASES.decode(record.value()), Set.of("observed"));
      addKeyed("aliases", Run.key(record), value);
    }

    void snapshot(ConsumerRecord<byte[], byte[]> record) {
      String key = Run.key(record);
      if (record.value() != null && key.endsWith("/manifest")) {
        SnapshotManifest manifest = SnapshotRecords.open(record.value());
        expect("version of the next snapshot", ++versions, manifest.getVersion());
        addKeyed("manifests", key, Canonical.bytes(manifest, Set.of("observed", "checksum")));
      } else {
        addKeyed("snapshot tensors", key, record.value());
      }
    }

    void deadLetter(ConsumerRecord<byte[], byte[]> record) {
      deadLetters++;
      addKeyed("dead letters", "", record.value());
      for (String header : new String[] {DeadLetterHeaders.REASON, DeadLetterHeaders.OFFSET}) {
        add("dead letters", record.headers().lastHeader(header).value());
      }
    }

    void checkCounts(long rejected) {
      expect("metrics records", step, metrics);
      expect("snapshots", publishedVersion, versions);
      expect("dead letters", rejected, deadLetters);
    }

    private void expect(String what, long expected, long actual) {
      if (expected != actual) {
        faults.add(what + ": expected " + expected + ", got " + actual);
      }
    }

    private void addKeyed(String part, String key, byte @Nullable [] value) {
      add(part, key.getBytes(StandardCharsets.UTF_8));
      add(part, value == null ? new byte[0] : value);
    }

    /** With its length, so that no two sequences give the same bytes. */
    private void add(String part, byte[] bytes) {
      MessageDigest digest = parts.computeIfAbsent(part, _ -> sha256());
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
      digest.update(bytes);
    }

    Map<String, String> hex() {
      Map<String, String> hex = new TreeMap<>();
      parts.forEach((part, digest) -> hex.put(part, HexFormat.of().formatHex(digest.digest())));
      return hex;
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
