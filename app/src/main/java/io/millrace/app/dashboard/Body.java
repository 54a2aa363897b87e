package io.millrace.app.dashboard;

import com.sun.net.httpserver.HttpExchange;
import io.millrace.app.http.HttpProblem;
import java.io.IOException;

/** What a client sends along, of a size that is bounded. */
final class Body {
  private static final int BAD_REQUEST = 400;
  private static final int TOO_LARGE = 413;

  private Body() {}

  /**
   * Reads it.
   *
   * @throws HttpProblem if it is empty or larger than {@code limit} bytes
   */
  static byte[] read(HttpExchange exchange, int limit) throws IOException, HttpProblem {
    byte[] body = exchange.getRequestBody().readNBytes(limit + 1);
    if (body.length > limit) {
      throw new HttpProblem(TOO_LARGE, "body: expected at most " + limit + " bytes, got more");
    }
    if (body.length == 0) {
      throw new HttpProblem(BAD_REQUEST, "body: expected something, got nothing");
    }
    return body;
  }
}
