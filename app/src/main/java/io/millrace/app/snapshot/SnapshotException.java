package io.millrace.app.snapshot;

import java.io.Serial;

/**
 * A snapshot that is not there or not good, or a file that cannot be written. The message says what
 * was expected, what was found and what to do next; it is fit to be shown to a user.
 */
public final class SnapshotException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  SnapshotException(String message) {
    super(message);
  }

  SnapshotException(String message, Throwable cause) {
    super(message, cause);
  }
}
