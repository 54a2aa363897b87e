package io.millrace.schemas;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.SnapshotManifest;
import io.millrace.SnapshotTensor;
import io.millrace.TensorKind;
import io.millrace.schemas.SnapshotRecords.NamedTensor;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SnapshotRecordsTest {
  private static Map<String, byte[]> write(SnapshotManifest manifest, List<NamedTensor> tensors) {
    Map<String, byte[]> records = new LinkedHashMap<>();
    SnapshotRecords.write(manifest, tensors, records::put);
    return records;
  }

  private static byte[] value(Map<String, byte[]> records, String key) {
    return Objects.requireNonNull(records.get(key), key);
  }

  @Test
  void chunksComeInOrderAndTheManifestLast() {
    float[] large = new float[TensorBytes.CHUNK_BYTES / 4 + 1];
    large[large.length - 1] = 5;
    NamedTensor weight =
        new NamedTensor("fc.weight", TensorKind.PARAMETER, List.of(large.length), large);
    Map<String, byte[]> records = write(Samples.draft(), List.of(weight, Samples.tensors().get(1)));
    assertEquals(
        List.of(
            "lenet5/000000000002/tensor/fc.weight/0",
            "lenet5/000000000002/tensor/fc.weight/1",
            "lenet5/000000000002/tensor/fc.bias/0",
            "lenet5/000000000002/manifest"),
        List.copyOf(records.keySet()));
    SnapshotTensor second =
        SnapshotRecords.openChunk(value(records, "lenet5/000000000002/tensor/fc.weight/1"));
    assertEquals(TensorBytes.CHUNK_BYTES, second.getOffset());
    assertEquals(2, second.getChunks());
    assertArrayEquals(new float[] {5}, TensorBytes.floats(TensorBytes.array(second.getData())));
    byte[] first = value(records, "lenet5/000000000002/tensor/fc.weight/0");
    assertTrue(first.length <= AvroLimits.maxBytes("SnapshotTensor"), first.length + " bytes");
  }

  @Test
  void manifestOpensAsItWasSealed() {
    Map<String, byte[]> records = write(Samples.draft(), Samples.tensors());
    SnapshotManifest manifest =
        SnapshotRecords.open(value(records, "lenet5/000000000002/manifest"));
    assertEquals(Samples.manifest(), manifest);
    assertEquals(List.of(2, 2), manifest.getTensors().getFirst().getShape());
    assertEquals(16, manifest.getTensors().getFirst().getSizeBytes());
  }

  @Test
  void everyChangedByteOfTheManifestIsNoticed() {
    byte[] sealed = SnapshotRecords.seal(Samples.manifest());
    for (int i = 0; i < sealed.length; i++) {
      byte[] changed = sealed.clone();
      changed[i] ^= 1;
      assertThrows(InvalidRecordException.class, () -> SnapshotRecords.open(changed), "byte " + i);
    }
  }

  @Test
  void checksumAndSha256AreAsTheSchemaSays() throws Exception {
    byte[] sealed = SnapshotRecords.seal(Samples.manifest());
    SnapshotManifest manifest = SnapshotRecords.open(sealed);
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    sha256.update(sealed, 0, sealed.length - 66);
    assertEquals(HexFormat.of().formatHex(sha256.digest()), manifest.getChecksum());

    String lines =
        "fc.weight PARAMETER 2,2 "
            + TensorBytes.sha256(new float[] {1, 2, 3, 4})
            + "\nfc.bias PARAMETER 2 "
            + TensorBytes.sha256(new float[] {-1, 1})
            + "\n";
    assertEquals(
        HexFormat.of().formatHex(sha256.digest(lines.getBytes(StandardCharsets.UTF_8))),
        manifest.getSha256());
  }

  @Test
  void sha256TellsWeightsApartButNotVersions() {
    SnapshotManifest later = Samples.draft();
    later.setVersion(3);
    write(later, Samples.tensors());
    assertEquals(Samples.manifest().getSha256(), later.getSha256());
    List<NamedTensor> other = new ArrayList<>(Samples.tensors());
    other.set(1, new NamedTensor("fc.bias", TensorKind.PARAMETER, List.of(2), new float[] {-1, 2}));
    SnapshotManifest changed = Samples.draft();
    write(changed, other);
    assertFalse(Samples.manifest().getSha256().equals(changed.getSha256()));
  }

  @Test
  void keysToRemoveAreThoseWrittenWithTheManifestFirst() {
    SnapshotManifest manifest = Samples.draft();
    List<String> written = new ArrayList<>(write(manifest, Samples.tensors()).keySet());
    List<String> keys =
        SnapshotRecords.keys(manifest.getModel(), manifest.getVersion(), Samples.tensors());
    assertEquals(written.getLast(), keys.getFirst());
    assertEquals(written.subList(0, written.size() - 1), keys.subList(1, keys.size()));
  }

  @Test
  void tensorMustFillItsShape() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new NamedTensor("t", TensorKind.BUFFER, List.of(2, 3), new float[5]));
  }
}
