package io.millrace.app.snapshot;

import io.millrace.serving.Snapshot;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A snapshot as a file. */
final class SnapshotFile {
  /** What the file is. */
  enum Format {
    /** The weights. */
    SAFETENSORS,
    /** The network. */
    ONNX
  }

  private SnapshotFile() {}

  /** Writes a file and says what it holds. */
  static void write(
      Snapshot snapshot, Path file, boolean force, PrintWriter out, WholeFile.Content content) {
    WholeFile.write(file, force, content);
    long sizeBytes;
    try {
      sizeBytes = Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out.printf(
        "%s: %s at step %s, sha256 %s, %s bytes%n",
        file,
        snapshot,
        SnapshotText.count(snapshot.step()),
        snapshot.sha256(),
        SnapshotText.count(sizeBytes));
    out.flush();
  }
}
