package io.millrace.app.dashboard;

import com.sun.net.httpserver.HttpExchange;
import io.millrace.app.http.Answer;
import io.millrace.app.http.HttpProblem;
import io.millrace.app.http.Response;
import io.millrace.schemas.TensorBytes;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The files of the page, from the class path. Only plain names are looked up: no dot begins one, so
 * that no path leads out of the folder.
 */
final class StaticFiles {
  private static final int OK = 200;
  private static final int NOT_MODIFIED = 304;
  private static final int NOT_FOUND = 404;
  private static final String FOLDER = "web";
  private static final String NAME = "[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)*";
  private static final Pattern PATH = Pattern.compile("(?:/" + NAME + "){1,6}");
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "json", "application/json",
          "svg", "image/svg+xml",
          "png", "image/png",
          "ico", "image/x-icon",
          "md", "text/plain; charset=utf-8",
          "txt", "text/plain; charset=utf-8",
          "woff2", "font/woff2");

  /** What is there never changes, and what is not there is not remembered. */
  private final Map<String, File> files = new ConcurrentHashMap<>();

  private record File(byte[] bytes, String type, String tag) {}

  Answer answer(HttpExchange exchange) throws HttpProblem, IOException {
    String path = exchange.getRequestURI().getPath();
    File file =
        find(path.equals("/") ? "/index.html" : path)
            .orElseThrow(() -> new HttpProblem(NOT_FOUND, "path: expected a file of the page"));
    // Asked for anew each time, and sent only if it is another one than before.
    Map<String, String> headers = Map.of("Cache-Control", "no-cache", "ETag", file.tag());
    return file.tag().equals(exchange.getRequestHeaders().getFirst("If-None-Match"))
        ? new Response(NOT_MODIFIED, file.type(), new byte[0], headers)
        : new Response(OK, file.type(), file.bytes(), headers);
  }

  private Optional<File> find(String path) throws IOException {
    File known = files.get(path);
    if (known != null) {
      return Optional.of(known);
    }
    String type = TYPES.get(path.substring(path.lastIndexOf('.') + 1));
    if (type == null || !PATH.matcher(path).matches()) {
      return Optional.empty();
    }
    try (InputStream in = StaticFiles.class.getResourceAsStream(FOLDER + path)) {
      if (in == null) {
        return Optional.empty();
      }
      byte[] bytes = in.readAllBytes();
      String tag = '"' + TensorBytes.sha256(bytes).substring(0, 32) + '"';
      File file = new File(bytes, type, tag);
      files.put(path, file);
      return Optional.of(file);
    }
  }
}
