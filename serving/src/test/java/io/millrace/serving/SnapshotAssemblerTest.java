package io.millrace.serving;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.SnapshotInput;
import io.millrace.SnapshotManifest;
import io.millrace.SnapshotNode;
import io.millrace.SnapshotTensor;
import io.millrace.TensorInfo;
import io.millrace.schemas.AvroCodec;
import io.millrace.schemas.SnapshotRecords;
import io.millrace.serving.AssemblyResult.Assembled;
import io.millrace.serving.AssemblyResult.Pending;
import io.millrace.serving.AssemblyResult.Reason;
import io.millrace.serving.AssemblyResult.Rejected;
import io.millrace.serving.TestSnapshots.Entry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotAssemblerTest {
  private static final long LIMIT = 1 << 20;

  private final SnapshotAssembler assembler = new SnapshotAssembler(Optional.empty(), LIMIT);

  private AssemblyResult feed(List<Entry> records) {
    AssemblyResult last = Pending.INSTANCE;
    for (Entry record : records) {
      last = assembler.accept(record.keyBytes(), record.value());
    }
    return last;
  }

  private Snapshot assembled(List<Entry> records) {
    AssemblyResult result = feed(records);
    return assertInstanceOf(Assembled.class, result, result::toString).snapshot();
  }

  private Rejected rejected(Reason reason, List<Entry> records) {
    AssemblyResult result = feed(records);
    Rejected rejected = assertInstanceOf(Rejected.class, result, result::toString);
    assertEquals(reason, rejected.reason(), rejected.toString());
    return rejected;
  }

  private static List<Entry> records(long version) {
    return TestSnapshots.records(version);
  }

  @Test
  void wholeSnapshotComesOutAsItWentIn() {
    Snapshot snapshot = assembled(records(7));
    assertEquals("small version 7", snapshot.toString());
    assertEquals(OptionalLong.of(6), snapshot.parentVersion());
    assertEquals(700, snapshot.step());
    assertEquals(TestSnapshots.NETWORK, snapshot.network());
    assertEquals(List.of("zero", "one", "two"), snapshot.classNames());
    assertArrayEquals(new float[] {0.25f, 0.5f}, snapshot.normalization().mean());
    assertEquals(0.7, snapshot.metrics().cumulativeAccuracy());
    List<SnapshotRecords.NamedTensor> expected = TestSnapshots.tensors(7);
    assertEquals(
        expected.stream().map(SnapshotRecords.NamedTensor::name).toList(),
        List.copyOf(snapshot.tensors().keySet()));
    int i = 0;
    for (var tensor : snapshot.tensors().values()) {
      assertArrayEquals(expected.get(i++).values(), tensor.data());
    }
  }

  @Test
  void firstVersionHasNoParent() {
    assertEquals(OptionalLong.empty(), assembled(records(1)).parentVersion());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void chunksInAnyOrderAndTwiceGiveTheSameSnapshot(long seed) {
    List<Entry> records = records(1);
    List<Entry> shuffled = new ArrayList<>(records.subList(0, records.size() - 1));
    shuffled.addAll(List.copyOf(shuffled));
    Collections.shuffle(shuffled, new Random(seed));
    shuffled.add(records.getLast());
    assertEquals(
        TestSnapshots.manifest(1).getStep(), assembled(shuffled).step(), "shuffled by " + seed);
  }

  @Test
  void eachMissingChunkIsNamed() {
    List<Entry> records = records(1);
    for (int missing = 0; missing < records.size() - 1; missing++) {
      List<Entry> some = new ArrayList<>(records);
      String[] key = some.remove(missing).key().split("/", -1);
      String detail = rejected(Reason.INCOMPLETE, some).detail();
      assertTrue(detail.contains("tensor " + key[3] + ": "), detail);
      assertTrue(detail.contains("chunk " + key[4] + " is missing"), detail);
    }
  }

  @Test
  void chunkBehindItsManifestIsTooLate() {
    List<Entry> records = new ArrayList<>(records(1));
    Collections.swap(records, records.size() - 1, records.size() - 2);
    assertEquals(Pending.INSTANCE, feed(records));
    rejected(Reason.INCOMPLETE, List.of(records.getLast(), records(1).getLast()));
  }

  @Test
  void aRejectedVersionDoesNotHinderTheNext() {
    List<Entry> torn = records(1);
    rejected(Reason.INCOMPLETE, torn.subList(1, torn.size()));
    assertEquals(2, assembled(records(2)).version());
  }

  @Test
  void everyChangedByteOfAChunkIsNoticed() {
    List<Entry> records = records(1);
    for (int i = 0; i < records.size() - 1; i++) {
      int length = records.get(i).value().length;
      // All of the small ones; in the large ones the header, both ends and some in between.
      for (int at = 0; at < length; at += length < 2000 || at < 40 || at > length - 9 ? 1 : 9973) {
        List<Entry> changed = change(records, i, at);
        AssemblyResult result = feed(changed);
        assertInstanceOf(Rejected.class, result, records.get(i).key() + " byte " + at);
      }
    }
  }

  @Test
  void everyChangedByteOfTheManifestIsNoticed() {
    List<Entry> records = records(1);
    for (int at = 0; at < records.getLast().value().length; at++) {
      rejected(Reason.UNREADABLE, change(records, records.size() - 1, at));
    }
  }

  private static List<Entry> change(List<Entry> records, int index, int at) {
    List<Entry> changed = new ArrayList<>(records);
    byte[] value = records.get(index).value().clone();
    value[at] ^= 4;
    changed.set(index, new Entry(records.get(index).key(), value));
    return changed;
  }

  @Test
  void chunksOfTwoVersionsMixedAreKeptApart() {
    List<Entry> first = records(1);
    List<Entry> second = records(2);
    List<Entry> mixed = new ArrayList<>();
    for (int i = 0; i < first.size() - 1; i++) {
      mixed.add(second.get(i));
      mixed.add(first.get(i));
    }
    feed(mixed);
    assertEquals(1, assembled(List.of(first.getLast())).version());
    assertEquals(2, assembled(List.of(second.getLast())).version());
  }

  @Test
  void chunkOfAnotherVersionUnderThisOnesKeyIsRefused() {
    List<Entry> records = new ArrayList<>(records(1));
    records.set(0, new Entry(records.get(0).key(), records(2).get(0).value()));
    assertEquals(
        Reason.UNREADABLE,
        assertInstanceOf(
                Rejected.class, assembler.accept(records.get(0).keyBytes(), records.get(0).value()))
            .reason());
    rejected(Reason.INCOMPLETE, records);
  }

  @Test
  void manifestOfAnotherVersionUnderThisOnesKeyIsRefused() {
    List<Entry> records = new ArrayList<>(records(1));
    records.add(new Entry(records.removeLast().key(), records(2).getLast().value()));
    rejected(Reason.UNREADABLE, records);
  }

  @Test
  void chunksWithAGapAreCorrupt() {
    AvroCodec<SnapshotTensor> codec = AvroCodec.of(SnapshotTensor.class);
    List<Entry> records = new ArrayList<>(records(1));
    SnapshotTensor piece = codec.decode(records.get(0).value());
    piece.setOffset(4);
    records.set(0, new Entry(records.get(0).key(), codec.encode(piece)));
    rejected(Reason.CORRUPT, records);
    piece.setOffset(0);
    piece.setData(ByteBuffer.allocate(4));
    records.set(0, new Entry(records.get(0).key(), codec.encode(piece)));
    rejected(Reason.CORRUPT, records);
  }

  @Test
  void olderVersionIsStaleAndTheSameOneIsNoNews() {
    assembled(records(3));
    rejected(Reason.STALE, records(2));
    assertEquals(Pending.INSTANCE, feed(records(3)));
    assertEquals(4, assembled(records(4)).version());
  }

  @Test
  void tombstonesAndOtherModelsAreOfNoConcern() {
    assembled(records(1));
    for (Entry record : records(1)) {
      assertEquals(Pending.INSTANCE, assembler.accept(record.keyBytes(), null));
    }
    byte[] other = "other/000000000009/manifest".getBytes(StandardCharsets.UTF_8);
    assertEquals(Pending.INSTANCE, assembler.accept(other, new byte[] {1}));
  }

  @Test
  void tombstoneTakesAwayWhatWaits() {
    List<Entry> records = records(1);
    feed(records.subList(0, records.size() - 1));
    assembler.accept(records.getLast().keyBytes(), null);
    rejected(Reason.INCOMPLETE, List.of(records.getLast()));
  }

  @Test
  void foreignKeysAreRefused() {
    assertEquals(
        Reason.FOREIGN_RECORD,
        assertInstanceOf(Rejected.class, assembler.accept(null, new byte[] {1})).reason());
    assertEquals(
        Reason.FOREIGN_RECORD,
        assertInstanceOf(Rejected.class, assembler.accept(new byte[] {-1, 0}, new byte[] {1}))
            .reason());
  }

  @Test
  void snapshotAboveTheLimitIsRefusedAndLeavesRoom() {
    SnapshotAssembler small = new SnapshotAssembler(Optional.empty(), 100_000);
    for (Entry record : records(1)) {
      AssemblyResult result = small.accept(record.keyBytes(), record.value());
      if (record.key().endsWith("/manifest")) {
        assertEquals(Reason.TOO_LARGE, assertInstanceOf(Rejected.class, result).reason());
      }
    }
  }

  @Test
  void abandonedVersionsGiveWayToTheOneThatArrives() {
    for (long version = 1; version <= 40; version++) {
      List<Entry> records = records(version);
      feed(records.subList(0, records.size() - 1));
    }
    assertEquals(41, assembled(records(41)).version());
  }

  private void requireRejected(Reason reason, String detail, Consumer<SnapshotManifest> change) {
    List<Entry> records = new ArrayList<>(records(1));
    SnapshotManifest manifest = SnapshotRecords.open(records.getLast().value());
    change.accept(manifest);
    records.add(new Entry(records.removeLast().key(), SnapshotRecords.seal(manifest)));
    String got = rejected(reason, records).detail();
    assertTrue(got.contains(detail), got);
  }

  @Test
  void manifestThatContradictsItsNetworkIsRefused() {
    requireRejected(
        Reason.WRONG_NETWORK,
        "network fingerprint: expected abc",
        m -> m.setNetworkFingerprint("abc"));
    requireRejected(
        Reason.WRONG_NETWORK,
        "layer relu: ",
        m -> m.getNetwork().getNodes().get(2).setOperation("swish"));
    requireRejected(
        Reason.WRONG_NETWORK, "network: shape", m -> m.getNetwork().setInput(List.of(2, 0, 16)));
    requireRejected(
        Reason.WRONG_NETWORK,
        "normalization: expected 2 channels, got 1",
        m -> m.setInput(new SnapshotInput(List.of(0f), List.of(1f))));
    requireRejected(
        Reason.WRONG_NETWORK,
        "standard deviation above 0",
        m -> m.setInput(new SnapshotInput(List.of(0f, 0f), List.of(1f, 0f))));
    requireRejected(
        Reason.WRONG_NETWORK,
        "class names: expected none or 3, got 1",
        m -> m.setClassNames(List.of("one")));
    requireRejected(
        Reason.WRONG_NETWORK,
        "tensors: expected [conv.weight",
        m -> m.setTensors(m.getTensors().subList(1, m.getTensors().size())));
    requireRejected(
        Reason.WRONG_NETWORK,
        "tensor conv.weight: expected PARAMETER [8, 2, 3, 3]",
        m -> m.getTensors().getFirst().setShape(List.of(8, 2, 9)));
    requireRejected(
        Reason.WRONG_NETWORK,
        "of 576 bytes, got PARAMETER [8, 2, 3, 3] of -1",
        m -> m.getTensors().getFirst().setSizeBytes(-1));
  }

  @Test
  void networkOtherThanTheOneTrainedIsRefused() {
    requireRejected(
        Reason.WRONG_NETWORK,
        "network fingerprint",
        m -> {
          SnapshotNode conv = m.getNetwork().getNodes().getFirst();
          conv.getAttributes().put("outChannels", "16");
        });
    requireRejected(
        Reason.WRONG_NETWORK, "network fingerprint", m -> m.getNetwork().setName("other"));
  }

  @Test
  void tensorThatIsNotTheOneOfItsChecksumIsCorrupt() {
    requireRejected(Reason.CORRUPT, "SHA-256: expected 00", m -> m.setSha256("00"));
    requireRejected(
        Reason.CORRUPT,
        "tensor conv.weight: expected SHA-256 00",
        m -> {
          TensorInfo first = m.getTensors().getFirst();
          first.setSha256("00");
          m.setSha256(SnapshotRecords.sha256(m.getTensors()));
        });
    requireRejected(
        Reason.CORRUPT,
        "tensor conv.weight: expected 576 bytes in 0 chunks, got 0",
        m -> m.getTensors().getFirst().setChunks(0));
  }

  @Test
  void aPieceOfAnotherWriterDoesNotSpoilAWholeSnapshot() {
    AvroCodec<SnapshotTensor> codec = AvroCodec.of(SnapshotTensor.class);
    SnapshotTensor stray = codec.decode(records(1).getFirst().value());
    stray.setChunk(7);
    List<Entry> records = new ArrayList<>(records(1));
    records.addFirst(
        new Entry("small/000000000001/tensor/" + stray.getTensor() + "/7", codec.encode(stray)));
    assertEquals(1, assembled(records).version());
  }

  @Test
  void aLayersNameOfAnyLengthIsRefused() {
    requireRejected(
        Reason.WRONG_NETWORK,
        "expected a name of at most 64",
        m -> m.getNetwork().getNodes().getFirst().setName("a" + ".b".repeat(100_000)));
  }

  @Test
  void memoryForATensorIsTakenOnlyWhenItsBytesAreThere() {
    AvroCodec<SnapshotTensor> codec = AvroCodec.of(SnapshotTensor.class);
    List<Entry> records = new ArrayList<>(records(1));
    SnapshotTensor piece = codec.decode(records.get(0).value());
    piece.setData(ByteBuffer.allocate(0));
    records.set(0, new Entry(records.get(0).key(), codec.encode(piece)));
    assertEquals(
        "tensor conv.weight: expected 576 bytes in 1 chunks, got 0",
        rejected(Reason.CORRUPT, records).detail());
  }

  @Test
  void aReasonThatQuotesMuchIsCut() {
    requireRejected(
        Reason.WRONG_NETWORK,
        "...",
        m -> m.getNetwork().getNodes().get(2).setOperation("x".repeat(100_000)));
  }
}
