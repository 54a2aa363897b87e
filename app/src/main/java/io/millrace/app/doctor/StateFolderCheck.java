package io.millrace.app.doctor;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/** The folder of Kafka Streams' state: writable, with room, and not another process's. */
final class StateFolderCheck implements Check {

  /** What Kafka Streams locks while it runs, in the folder of its application. */
  private static final String LOCK = ".lock";

  /** RocksDB's own files; the training state itself is in memory and in its changelog. */
  private static final long BESIDE_STATE_BYTES = 256L << 20;

  private final Path folder;
  private final String application;
  private final long stateBytes;

  StateFolderCheck(Path folder, String application, long stateBytes) {
    this.folder = folder.toAbsolutePath();
    this.application = application;
    this.stateBytes = stateBytes;
  }

  @Override
  public String subject() {
    return "state folder";
  }

  @Override
  public List<Finding> look() {
    Optional<Path> existing = nearestExisting();
    if (existing.isEmpty() || !canWrite(existing.get())) {
      return List.of(
          fault(
              folder
                  + ": expected a folder that can be written, got none at "
                  + existing.map(Path::toString).orElse("all"),
              "set kafka.state.dir to one that can, or chown it to " + user()));
    }
    try {
      long free = Files.getFileStore(existing.get()).getUsableSpace();
      long needed = BESIDE_STATE_BYTES + stateBytes;
      if (free < needed) {
        return List.of(
            fault(
                folder
                    + ": expected "
                    + MemoryCheck.text(needed)
                    + " of free space, got "
                    + MemoryCheck.text(free),
                "free some, or set kafka.state.dir to a larger disk"));
      }
      if (lockedByAnother()) {
        return List.of(
            warning(
                folder.resolve(application) + " is in use: this program runs here already",
                "nothing, if that is the one you mean; a second one on this machine needs a"
                    + " kafka.state.dir of its own"));
      }
      return List.of(fine(folder + ", " + MemoryCheck.text(free) + " free"));
    } catch (IOException e) {
      return List.of(
          fault(folder + ": " + e, "set kafka.state.dir to a folder that can be read and written"));
    }
  }

  private Optional<Path> nearestExisting() {
    for (Path path = folder; path != null; path = path.getParent()) {
      if (Files.exists(path)) {
        return Optional.of(path);
      }
    }
    return Optional.empty();
  }

  /** Tried rather than asked for: a read-only mount says that it is writable. */
  private static boolean canWrite(Path existing) {
    try {
      Files.delete(Files.createTempFile(existing, "millrace-doctor", ".tmp"));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private boolean lockedByAnother() throws IOException {
    Path lock = folder.resolve(application).resolve(LOCK);
    if (!Files.isRegularFile(lock)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
        FileLock held = channel.tryLock()) {
      return held == null;
    } catch (OverlappingFileLockException e) {
      return true;
    }
  }

  private static String user() {
    return System.getProperty("user.name", "this user");
  }
}
