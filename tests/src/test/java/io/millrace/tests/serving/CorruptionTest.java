package io.millrace.tests.serving;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.schemas.SnapshotRecords.NamedTensor;
import io.millrace.serving.AssemblyResult;
import io.millrace.serving.AssemblyResult.Assembled;
import io.millrace.serving.AssemblyResult.Reason;
import io.millrace.serving.AssemblyResult.Rejected;
import io.millrace.serving.Snapshot;
import io.millrace.serving.SnapshotAssembler;
import io.millrace.tests.serving.SnapshotWriter.Entry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What a changed byte, a missing, moved, doubled or foreign record makes of a snapshot: never wrong
 * weights, and never silence.
 */
class CorruptionTest {
  private static final long VERSION = 7;
  private static final long LIMIT = 64 << 20;
  private static final int RANDOM_CORRUPTIONS = 10_000;
  private static final int MIXTURES = 2_000;

  private static List<Entry> entries(CountingModel model, long version) {
    List<Entry> entries = new ArrayList<>();
    model.write(version, (key, value) -> entries.add(new Entry(key, value)));
    return entries;
  }

  private static SnapshotAssembler assembler() {
    return new SnapshotAssembler(Optional.of(CountingModel.NAME), LIMIT);
  }

  /** What the records lead to, one after the other. */
  private static List<AssemblyResult> feed(SnapshotAssembler assembler, List<Entry> entries) {
    return entries.stream()
        .map(entry ->
            assembler.accept(entry.key().getBytes(StandardCharsets.ISO_8859_1), entry.value()))
        .toList();
  }

  /** The records but for one byte of one value. */
  private static List<Entry> changed(List<Entry> entries, int index, int at, int xor) {
    Entry entry = entries.get(index);
    byte[] value = Objects.requireNonNull(entry.value()).clone();
    value[at] ^= (byte) xor;
    List<Entry> changed = new ArrayList<>(entries);
    changed.set(index, new Entry(entry.key(), value));
    return changed;
  }

  /** Why it was refused: what was said of the manifest, which comes last. */
  private static Reason refused(List<Entry> entries, String what) {
    List<AssemblyResult> results = feed(assembler(), entries);
    results.forEach(result -> assertFalse(result instanceof Assembled, what));
    Rejected last = assertInstanceOf(Rejected.class, results.getLast(), what);
    assertFalse(last.detail().isEmpty(), what);
    return last.reason();
  }

  private static int length(Entry entry) {
    return Objects.requireNonNull(entry.value()).length;
  }

  @Test
  void everyChangedBitOfEveryByteOfASmallSnapshotIsRefused() {
    List<Entry> entries = entries(CountingModel.small(), VERSION);
    Map<Reason, Integer> reasons = new EnumMap<>(Reason.class);
    int bytes = 0;
    for (int i = 0; i < entries.size(); i++) {
      bytes += length(entries.get(i));
      for (int at = 0; at < length(entries.get(i)); at++) {
        for (int bit = 0; bit < 8; bit++) {
          String what = entries.get(i).key() + " byte " + at + " bit " + bit;
          reasons.merge(refused(changed(entries, i, at, 1 << bit), what), 1, Integer::sum);
        }
      }
    }
    assertTrue(bytes > 1_000, "bytes of the small snapshot: " + bytes);
    assertEquals(8 * bytes, reasons.values().stream().mapToInt(Integer::intValue).sum());
    assertEquals(
        8 * length(entries.getLast()),
        reasons.get(Reason.UNREADABLE),
        () -> "each of the manifest's bytes is under its checksum: " + reasons);
  }

  @Test
  void tenThousandRandomChangesOfALargeSnapshotAreRefused() {
    List<Entry> entries = entries(CountingModel.million(), VERSION);
    assertEquals(20, entries.size(), "19 chunks and the manifest");
    long refused =
        IntStream.range(0, RANDOM_CORRUPTIONS)
            .parallel()
            .filter(seed -> {
              SplittableRandom random = new SplittableRandom(seed);
              int index = random.nextInt(entries.size());
              int at = random.nextInt(length(entries.get(index)));
              int xor = random.nextInt(1, 256);
              refused(changed(entries, index, at, xor), "seed " + seed);
              return true;
            })
            .count();
    assertEquals(RANDOM_CORRUPTIONS, refused);
  }

  @Test
  void everyChangedBitOfEveryKeyIsNoSnapshot() {
    List<Entry> entries = entries(CountingModel.small(), VERSION);
    int tried = 0;
    for (int i = 0; i < entries.size(); i++) {
      for (int at = 0; at < entries.get(i).key().length(); at++) {
        for (int bit = 0; bit < 8; bit++) {
          byte[] key = entries.get(i).key().getBytes(StandardCharsets.ISO_8859_1);
          key[at] ^= (byte) (1 << bit);
          List<Entry> changed = new ArrayList<>(entries);
          changed.set(
              i, new Entry(new String(key, StandardCharsets.ISO_8859_1), entries.get(i).value()));
          String what = entries.get(i).key() + " character " + at + " bit " + bit;
          for (AssemblyResult result : feed(assembler(), changed)) {
            assertFalse(result instanceof Assembled, what);
          }
          tried++;
        }
      }
    }
    assertTrue(tried > 1_000, "keys tried: " + tried);
  }

  @Test
  void eachMissingRecordIsNoticed() {
    List<Entry> entries = entries(CountingModel.million(), VERSION);
    for (int missing = 0; missing < entries.size() - 1; missing++) {
      List<Entry> some = new ArrayList<>(entries);
      some.remove(missing);
      assertEquals(Reason.INCOMPLETE, refused(some, "without record " + missing));
    }
    feed(assembler(), entries.subList(0, entries.size() - 1))
        .forEach(result -> assertFalse(result instanceof Assembled, "without its manifest"));
  }

  // Chunks say where they belong, so order and repetition do not matter as long as all are there
  // before the manifest; what matters is that no weight is wrong.
  @Test
  void movedAndDoubledAndForeignRecordsNeverGiveWrongWeights() {
    CountingModel model = CountingModel.small();
    int whole = 0;
    for (int seed = 0; seed < MIXTURES; seed++) {
      Random random = new Random(seed);
      List<Entry> mixture = new ArrayList<>(entries(model, VERSION));
      mixture.addAll(entries(model, VERSION + 1));
      for (int i = random.nextInt(8); i > 0; i--) {
        mixture.add(mixture.get(random.nextInt(mixture.size())));
      }
      for (int i = random.nextInt(3); i > 0; i--) {
        mixture.remove(random.nextInt(mixture.size()));
      }
      Collections.shuffle(mixture, random);
      for (AssemblyResult result : feed(assembler(), mixture)) {
        if (result instanceof Assembled(Snapshot snapshot)) {
          requireWeights(model, snapshot, "seed " + seed);
          whole++;
        }
      }
    }
    assertTrue(whole > 0 && whole < 2 * MIXTURES, "whole snapshots: " + whole);
  }

  private static void requireWeights(CountingModel model, Snapshot snapshot, String what) {
    List<NamedTensor> tensors = model.tensors(snapshot.version());
    for (NamedTensor tensor : tensors) {
      assertArrayEquals(
          tensor.values(),
          Objects.requireNonNull(snapshot.tensors().get(tensor.name())).data(),
          what);
    }
    assertEquals(tensors.size(), snapshot.tensors().size(), what);
  }
}
