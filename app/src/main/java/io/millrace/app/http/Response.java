package io.millrace.app.http;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** An answer whose body is at hand. */
public record Response(int status, String contentType, byte[] body, Map<String, String> headers)
    implements Answer {
  private static final int OK = 200;

  public static Response json(int status, byte[] body) {
    return new Response(status, "application/json", body, Map.of());
  }

  /** An object in JSON, with status 200. */
  public static Response json(Json.Fields fields) {
    return json(OK, Json.object(fields));
  }

  public static Response text(String contentType, String body) {
    return new Response(OK, contentType, body.getBytes(StandardCharsets.UTF_8), Map.of());
  }

  public static Response of(HttpProblem problem) {
    byte[] body =
        Json.object(json -> {
          json.writeNumberField("status", problem.status());
          json.writeStringField("error", String.valueOf(problem.getMessage()));
        });
    return new Response(problem.status(), "application/json", body, problem.headers());
  }
}
