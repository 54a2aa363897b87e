package io.millrace.tests.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A disk of a few megabytes for the learners' state, in memory, that can be filled to the last
 * byte. It is mounted in this process's own mount namespace; nobody else sees it.
 */
final class SmallDisk implements Place {

  private static final String SIZE = "16m";

  private final Path root;
  private final Path filler;

  SmallDisk(Path root) {
    this.root = root;
    this.filler = root.resolve("filler");
    try {
      Files.createDirectories(root);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the folder to mount on", e);
    }
    Shell.run("mount", "-t", "tmpfs", "-o", "size=" + SIZE, "tmpfs", root.toString());
  }

  /** Leaves no byte free. */
  void fill() {
    byte[] block = new byte[4096];
    try (OutputStream out = Files.newOutputStream(filler)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      if (root.toFile().getUsableSpace() > 0) {
        throw new UncheckedIOException("the disk is not full, and yet not to be written to", e);
      }
    }
  }

  void free() {
    try {
      Files.deleteIfExists(filler);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot free the disk", e);
    }
  }

  @Override
  public ChildJvm.Launch in(ChildJvm.Launch launch) {
    return launch;
  }

  @Override
  public Path stateFolder() {
    return root.resolve("state");
  }

  @Override
  public void close() {
    Shell.run("umount", "--lazy", root.toString());
  }
}
