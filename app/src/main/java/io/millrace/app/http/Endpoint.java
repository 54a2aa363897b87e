package io.millrace.app.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What answers at one path, or below one. */
public interface Endpoint {
  /** The methods that it takes; who takes {@code GET} takes {@code HEAD}. */
  Set<String> methods();

  /**
   * Answers one request, whose method is one of {@link #methods}, or {@code HEAD}. It may read the
   * request; what it returns is sent by the server.
   *
   * @throws HttpProblem for what the client must be told
   * @throws IOException if the client has gone
   */
  Answer answer(HttpExchange exchange) throws IOException, HttpProblem;

  /** One that needs nothing of the request. */
  static Endpoint get(Source source) {
    return of("GET", _ -> source.get());
  }

  /** One with a single method. */
  static Endpoint of(String method, Handler handler) {
    return byMethod(Map.of(method, handler));
  }

  /** One with several methods. */
  static Endpoint byMethod(Map<String, Handler> handlers) {
    Map<String, Handler> byMethod = new TreeMap<>(handlers);
    return new Endpoint() {
      @Override
      public Set<String> methods() {
        return byMethod.keySet();
      }

      @Override
      public Answer answer(HttpExchange exchange) throws IOException, HttpProblem {
        Handler handler = byMethod.get(WebServer.method(exchange));
        if (handler == null) {
          throw new IllegalArgumentException(
              "expected one of " + byMethod.keySet() + ", got " + exchange.getRequestMethod());
        }
        return handler.answer(exchange);
      }
    };
  }

  /** Answers requests of one method. */
  @FunctionalInterface
  interface Handler {
    Answer answer(HttpExchange exchange) throws IOException, HttpProblem;
  }

  /** What is answered, or why nothing is. */
  @FunctionalInterface
  interface Source {
    Answer get() throws HttpProblem;
  }
}
