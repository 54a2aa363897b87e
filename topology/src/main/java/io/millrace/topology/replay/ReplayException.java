package io.millrace.topology.replay;

/** A version cannot be rebuilt; the message says what is missing and what to do. */
public final class ReplayException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ReplayException(String message) {
    super(message);
  }
}
