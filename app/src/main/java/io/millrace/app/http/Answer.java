package io.millrace.app.http;

import java.util.Map;

/** What a client gets: all of it at once, or bit by bit. */
public sealed interface Answer permits Response, Streamed {
  int status();

  String contentType();

  /** Headers beside those that every answer has; they win over those. */
  Map<String, String> headers();
}
