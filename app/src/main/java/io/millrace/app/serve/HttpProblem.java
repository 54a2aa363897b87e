package io.millrace.app.serve;

import java.util.Map;

/** Ends a request with a status and a message for the client. */
final class HttpProblem extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;

  @SuppressWarnings("serial") // Never written.
  private final Map<String, String> headers;

  HttpProblem(int status, String message) {
    this(status, message, Map.of());
  }

  HttpProblem(int status, String message, Map<String, String> headers) {
    super(message);
    this.status = status;
    this.headers = Map.copyOf(headers);
  }

  int status() {
    return status;
  }

  /** Headers that go with the status, such as {@code Retry-After}. */
  Map<String, String> headers() {
    return headers;
  }
}
