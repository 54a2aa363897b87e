package io.millrace.app.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/**
 * An answer that lasts, such as server-sent events: its body is written for as long as the client
 * stays and the server runs.
 */
public record Streamed(int status, String contentType, Map<String, String> headers, Body body)
    implements Answer {

  /** Writes the body on the request's own virtual thread, and flushes what the client is to see. */
  @FunctionalInterface
  public interface Body {
    /**
     * Returns when all is written.
     *
     * @throws IOException if the client has gone, or takes too long to take what is written
     * @throws InterruptedException if the server closes
     */
    void write(OutputStream out) throws IOException, InterruptedException;
  }

  /** Server-sent events. */
  public static Streamed events(Body body) {
    return new Streamed(200, "text/event-stream; charset=utf-8", Map.of(), body);
  }
}
