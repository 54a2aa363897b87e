package io.millrace.app.broker;

import java.io.Serial;

/**
 * The embedded broker cannot run. The message names the folder or the port, what was expected, what
 * was found, and what to do next; it is fit to be shown to a user without a stack trace.
 */
public final class BrokerException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  BrokerException(String message) {
    super(message);
  }

  BrokerException(String message, Throwable cause) {
    super(message, cause);
  }
}
