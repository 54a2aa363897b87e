package io.millrace.tests.dashboard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.tests.support.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Talks to a page's server as the page does. */
final class PageClient implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String url;

  /** The token goes with every request, if there is one. */
  private final Optional<String> token;

  PageClient(String url) {
    String[] parts = url.split("#token=", 2);
    this.url = parts[0];
    token = parts.length == 2 ? Optional.of(parts[1]) : Optional.empty();
  }

  HttpRequest.Builder request(String path) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(url).resolve(path));
    token.ifPresent(text -> builder.header("Authorization", "Bearer " + text));
    return builder;
  }

  HttpResponse<byte[]> send(HttpRequest request) throws IOException, InterruptedException {
    return client.send(request, BodyHandlers.ofByteArray());
  }

  HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
    return send(request(path).build());
  }

  /** The object at a path that is there. */
  JsonNode json(String path) throws IOException, InterruptedException {
    return json(get(path), 200);
  }

  HttpResponse<byte[]> post(String path, String type, byte[] body)
      throws IOException, InterruptedException {
    return send(
        request(path)
            .header("X-Millrace", "1")
            .header("Content-Type", type)
            .POST(BodyPublishers.ofByteArray(body))
            .build());
  }

  JsonNode control(String body) throws IOException, InterruptedException {
    return json(
        post("/api/control", "application/json", body.getBytes(StandardCharsets.UTF_8)), 200);
  }

  static JsonNode json(HttpResponse<byte[]> response, int status) throws IOException {
    String text = new String(response.body(), StandardCharsets.UTF_8);
    if (response.statusCode() != status) {
      throw new AssertionError(
          response.uri() + ": expected " + status + ", got " + response.statusCode() + ": " + text);
    }
    return JSON.readTree(text);
  }

  /** Begins to follow the events. */
  Events events() throws IOException, InterruptedException {
    HttpResponse<Stream<String>> response =
        client.send(request("/api/events").build(), BodyHandlers.ofLines());
    if (response.statusCode() != 200) {
      throw new AssertionError("/api/events: expected 200, got " + response.statusCode());
    }
    return new Events(response.body());
  }

  /** All events until now, by their names. */
  static final class Events implements AutoCloseable {
    private final Map<String, List<JsonNode>> byName = new ConcurrentHashMap<>();
    private final Stream<String> lines;

    private Events(Stream<String> lines) {
      this.lines = lines;
      Thread.ofVirtual().start(this::read);
    }

    private void read() {
      String[] name = {""};
      try {
        lines.forEach(line -> {
          if (line.startsWith("event: ")) {
            name[0] = line.substring(7);
          } else if (line.startsWith("data: ")) {
            byName
                .computeIfAbsent(name[0], _ -> new CopyOnWriteArrayList<>())
                .add(parse(line.substring(6)));
          }
        });
      } catch (UncheckedIOException e) {
        byName.computeIfAbsent("end", _ -> new CopyOnWriteArrayList<>());
      }
    }

    private static JsonNode parse(String text) {
      try {
        return JSON.readTree(text);
      } catch (JsonProcessingException e) {
        throw new UncheckedIOException(e);
      }
    }

    List<JsonNode> all(String name) {
      return byName.getOrDefault(name, List.of());
    }

    /** The first event of a name that is as wanted, whether it has come or is to come. */
    JsonNode await(String name, String what, Predicate<JsonNode> wanted) {
      return Eventually.await(
          "event " + name + ": " + what,
          () -> all(name).stream().filter(wanted).findFirst(),
          () -> byName.keySet() + ", " + name + " last " + last(name));
    }

    private String last(String name) {
      List<JsonNode> all = all(name);
      return all.isEmpty() ? "none" : shorten(all.getLast().toString());
    }

    private static String shorten(String text) {
      return text.length() > 600 ? text.substring(0, 600) + "..." : text;
    }

    <T> List<T> collect(String name, Function<JsonNode, T> part) {
      return all(name).stream().map(part).toList();
    }

    @Override
    public void close() {
      lines.close();
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
