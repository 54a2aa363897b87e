package io.millrace.app.data;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.FileSystemException;

/**
 * A data set cannot be used. The message names the file and, where there is one, the offset or the
 * line, what was expected, what was found and what to do next; it is fit to be shown to a user.
 */
public final class DataException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  public DataException(String message) {
    super(message);
  }

  public DataException(String message, Throwable cause) {
    super(message, cause);
  }

  /** A file that cannot be read at all. */
  static DataException unreadable(Object file, IOException cause) {
    String reason =
        cause instanceof FileSystemException fault && fault.getReason() == null
            ? cause.getClass().getSimpleName()
            : String.valueOf(cause.getMessage());
    return new DataException(
        file + ": expected a file that can be read, got " + reason + "; check path and permissions",
        cause);
  }
}
