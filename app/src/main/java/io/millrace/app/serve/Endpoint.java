package io.millrace.app.serve;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;

/** What answers at one path. */
interface Endpoint {
  /** The one method that it takes; a {@code HEAD} is a {@code GET} without its body. */
  String method();

  /**
   * Answers one request.
   *
   * @throws HttpProblem for what the client must be told
   * @throws IOException if the client has gone
   */
  Response answer(HttpExchange exchange) throws IOException, HttpProblem;

  /** One that needs nothing of the request. */
  static Endpoint get(Source source) {
    return new Endpoint() {
      @Override
      public String method() {
        return "GET";
      }

      @Override
      public Response answer(HttpExchange exchange) throws HttpProblem {
        return source.get();
      }
    };
  }

  /** What is answered, or why nothing is. */
  @FunctionalInterface
  interface Source {
    Response get() throws HttpProblem;
  }
}
