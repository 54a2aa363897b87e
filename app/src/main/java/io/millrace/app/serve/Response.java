package io.millrace.app.serve;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What a client gets. */
record Response(int status, String contentType, byte[] body, Map<String, String> headers) {

  static Response json(int status, byte[] body) {
    return new Response(status, "application/json", body, Map.of());
  }

  static Response text(String contentType, String body) {
    return new Response(200, contentType, body.getBytes(StandardCharsets.UTF_8), Map.of());
  }

  static Response of(HttpProblem problem) {
    byte[] body =
        Json.object(json -> {
          json.writeNumberField("status", problem.status());
          json.writeStringField("error", String.valueOf(problem.getMessage()));
        });
    return new Response(problem.status(), "application/json", body, problem.headers());
  }
}
