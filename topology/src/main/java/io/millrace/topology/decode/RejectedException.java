package io.millrace.topology.decode;

import io.millrace.schemas.DeadLetterReason;

/** Leaves the decoding of one record; {@link ImageDecoder} turns it into a value. */
final class RejectedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final DeadLetterReason reason;

  RejectedException(DeadLetterReason reason, String message) {
    super(message);
    this.reason = reason;
  }

  Decoded.Rejected rejected() {
    return new Decoded.Rejected(reason, String.valueOf(getMessage()));
  }
}
