package io.millrace.app.http;

import java.util.Map;

/** Ends a request with a status and a message for the client. */
public final class HttpProblem extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;

  @SuppressWarnings("serial") // Never written.
  private final Map<String, String> headers;

  public HttpProblem(int status, String message) {
    this(status, message, Map.of());
  }

  public HttpProblem(int status, String message, Map<String, String> headers) {
    super(message);
    this.status = status;
    this.headers = Map.copyOf(headers);
  }

  public int status() {
    return status;
  }

  /** Headers that go with the status, such as {@code Retry-After}. */
  public Map<String, String> headers() {
    return headers;
  }
}
