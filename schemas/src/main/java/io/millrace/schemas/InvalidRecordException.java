package io.millrace.schemas;

/** Bytes that are not the expected record. Bad data, not a fault of the program that reads it. */
public final class InvalidRecordException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final DeadLetterReason reason;

  InvalidRecordException(DeadLetterReason reason, String message) {
    super(message);
    this.reason = reason;
  }

  InvalidRecordException(DeadLetterReason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** {@code EMPTY_RECORD}, {@code UNREADABLE_RECORD} or {@code TOO_LARGE}. */
  public DeadLetterReason reason() {
    return reason;
  }
}
