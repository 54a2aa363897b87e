package io.millrace.topology.decode;

import io.millrace.schemas.DeadLetterReason;

/** Leaves the decoding of one image; whoever asked for it turns it into a value. */
public final class RejectedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final DeadLetterReason reason;

  RejectedException(DeadLetterReason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** The reason, and a message that is not too long. */
  public Decoded.Rejected rejected() {
    return new Decoded.Rejected(reason, String.valueOf(getMessage()));
  }
}
