package io.millrace.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotKeyTest {
  @Test
  void keysReadAsWritten() {
    SnapshotKey chunk = new SnapshotKey.Chunk("lenet5", 42, "conv1.weight", 10);
    assertEquals("lenet5/000000000042/tensor/conv1.weight/10", chunk.text());
    assertEquals(Optional.of(chunk), SnapshotKey.parse(chunk.text()));
    SnapshotKey manifest = new SnapshotKey.Manifest("lenet5", SnapshotKey.MAX_VERSION);
    assertEquals("lenet5/999999999999/manifest", manifest.text());
    assertEquals(Optional.of(manifest), SnapshotKey.parse(manifest.text()));
  }

  @Test
  void keysOfOneModelSortByVersion() {
    String ninth = new SnapshotKey.Manifest("m", 9).text();
    String tenth = new SnapshotKey.Manifest("m", 10).text();
    assertTrue(ninth.compareTo(tenth) < 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "lenet5",
        "lenet5/42/manifest",
        "lenet5/000000000000/manifest",
        "lenet5/-00000000042/manifest",
        "lenet5/000000000042/manifest/",
        "lenet5/000000000042/manifest\n",
        "a/b/000000000042/manifest",
        "lenet5/000000000042/tensor/conv1.weight",
        "lenet5/000000000042/tensor/conv1.weight/01",
        "lenet5/000000000042/tensor/conv1.weight/-1",
        "lenet5/000000000042/tensor/conv1.weight/99999999999",
        "lenet5/000000000042/tensor/../0",
        "lenet5/٠٠٠٠٠٠٠٠٠٠٤٢/manifest"
      })
  void otherTextIsNoKey(String text) {
    assertEquals(Optional.empty(), SnapshotKey.parse(text));
  }

  @Test
  void partsThatWouldNotReadBackAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new SnapshotKey.Manifest("a/b", 1));
    assertThrows(IllegalArgumentException.class, () -> new SnapshotKey.Manifest("a", 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> new SnapshotKey.Manifest("a", SnapshotKey.MAX_VERSION + 1));
    assertThrows(IllegalArgumentException.class, () -> new SnapshotKey.Chunk("a", 1, "", 0));
    assertThrows(IllegalArgumentException.class, () -> new SnapshotKey.Chunk("a", 1, "t", -1));
  }
}
