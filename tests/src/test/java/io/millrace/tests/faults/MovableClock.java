package io.millrace.tests.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;

/**
 * A wall clock that can be moved while a learner runs, by libfaketime, which stands in front of
 * libc's clock calls. The monotonic clock stays, as it does when someone sets a machine's clock;
 * the brokers' clocks stay, too.
 */
final class MovableClock implements Place {

  private static final Path LIBRARIES = Path.of("/usr/lib");

  private final Path stateFolder;
  private final Path library;
  private final Path offset;

  MovableClock(Path folder, Path library) {
    this.stateFolder = folder;
    this.library = library;
    this.offset = folder.resolveSibling("clock-offset");
    moveTo(0);
  }

  /** Debian's package faketime has it; empty where that is not installed. */
  static Optional<Path> library() {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(LIBRARIES)) {
      for (Path folder : folders) {
        Path library = folder.resolve("faketime").resolve("libfaketime.so.1");
        if (Files.isReadable(library)) {
          return Optional.of(library);
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public ChildJvm.Launch in(ChildJvm.Launch launch) {
    return launch.withEnvironment(
        Map.of(
            "LD_PRELOAD", library.toString(),
            "FAKETIME_TIMESTAMP_FILE", offset.toString(),
            "FAKETIME_CACHE_DURATION", "1",
            "FAKETIME_DONT_FAKE_MONOTONIC", "1",
            "DONT_FAKE_MONOTONIC", "1"));
  }

  /** Sets the learners' clock so many seconds off the real one; they notice within a second. */
  void moveTo(long seconds) {
    try {
      // In one move, as the library may read at any moment.
      Path next = offset.resolveSibling("clock-offset.next");
      Files.writeString(next, (seconds < 0 ? "" : "+") + seconds + "\n");
      Files.move(next, offset, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot move the clock", e);
    }
  }

  @Override
  public Path stateFolder() {
    return stateFolder;
  }

  @Override
  public void close() {}
}
