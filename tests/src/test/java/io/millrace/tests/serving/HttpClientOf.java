package io.millrace.tests.serving;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Talks to one server, one request on a connection at a time. */
final class HttpClientOf implements AutoCloseable {
  private final String url;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  HttpClientOf(InetSocketAddress address) {
    this("http://127.0.0.1:" + address.getPort());
  }

  HttpClientOf(String url) {
    this.url = url;
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(request(path).GET().build(), BodyHandlers.ofString());
  }

  HttpResponse<String> post(String type, byte[] body) throws IOException, InterruptedException {
    return post(type, BodyPublishers.ofByteArray(body));
  }

  HttpResponse<String> json(String body) throws IOException, InterruptedException {
    return post("application/json", body.getBytes(StandardCharsets.UTF_8));
  }

  HttpResponse<String> post(String type, BodyPublisher body)
      throws IOException, InterruptedException {
    return client.send(
        request("/predict").header("Content-Type", type).POST(body).build(),
        BodyHandlers.ofString());
  }

  HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
    return client.send(
        request(path).method(method, BodyPublishers.noBody()).build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path));
  }

  /** The text of a field, wherever it is in a JSON text. */
  static String field(String json, String name) {
    Matcher matcher =
        Pattern.compile("\"" + name + "\":(\"[^\"]*\"|\\[[^\\]]*\\]|[^,}\\]]*)").matcher(json);
    if (!matcher.find()) {
      throw new AssertionError("expected the field " + name + ", got " + json);
    }
    return matcher.group(1);
  }

  @Override
  public void close() {
    client.close();
  }
}
