package io.millrace.app.produce;

import java.io.Serial;

/**
 * Images cannot be sent, or a topic is not as it has to be. The message names the topic, what was
 * expected, what was found and what to do next; it is fit to be shown to a user.
 */
public final class ProduceException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  ProduceException(String message) {
    super(message);
  }

  ProduceException(String message, Throwable cause) {
    super(message, cause);
  }
}
