package io.millrace.app.snapshot;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files that are there whole or not at all, whatever happens while they are written. */
final class WholeFile {
  /** Writes the content. */
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  private WholeFile() {}

  /**
   * Writes beside the file, and moves there what is complete.
   *
   * @param force whether a file of that name may be replaced
   * @throws SnapshotException if there is one and it may not, or it cannot be written
   */
  static void write(Path file, boolean force, Content content) {
    requireAbsent(file, force);
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new SnapshotException(
          file + ": expected a file in a folder that is there, got none at " + folder);
    }
    try {
      Path temporary = Files.createTempFile(folder, "." + file.getFileName(), ".tmp");
      try {
        writeAndSync(temporary, content);
        requireAbsent(file, force);
        Files.move(temporary, file.toAbsolutePath(), StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw new SnapshotException(file + ": cannot be written: " + e, e);
    }
  }

  private static void writeAndSync(Path file, Content content) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
      content.writeTo(out);
      out.flush();
      channel.force(true);
    }
  }

  private static void requireAbsent(Path file, boolean force) {
    if (Files.exists(file) && (!force || Files.isDirectory(file))) {
      throw new SnapshotException(
          file
              + ": expected no such file, got "
              + (Files.isDirectory(file)
                  ? "a folder; name another"
                  : "one; name another or add --force to replace it"));
    }
  }
}
