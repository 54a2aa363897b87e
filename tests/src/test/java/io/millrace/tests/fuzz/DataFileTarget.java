package io.millrace.tests.fuzz;

import io.millrace.app.data.DataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A target whose input is a file; the file lies in the instance's own folder. */
abstract class DataFileTarget implements FuzzTarget {
  private final Path file;

  DataFileTarget(Path folder, String file) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.file = folder.resolve(file);
  }

  /** Reads the file that was written with an input. */
  abstract void read(Path file);

  @Override
  public final Outcome run(byte[] input) {
    write(file, input);
    try {
      read(file);
      return Outcome.ACCEPTED;
    } catch (RuntimeException e) {
      if (isRejection(e)) {
        return Outcome.REJECTED;
      }
      throw e;
    }
  }

  /** Whether this is how the code says that a file cannot be used. */
  boolean isRejection(RuntimeException e) {
    return e instanceof DataException;
  }

  static void write(Path file, byte[] bytes) {
    try {
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
