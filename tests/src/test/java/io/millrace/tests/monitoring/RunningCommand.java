package io.millrace.tests.monitoring;

import io.millrace.app.Main;
import io.millrace.app.process.Threads;
import io.millrace.tests.support.Eventually;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A command line on a thread of its own, asked over HTTP. */
final class RunningCommand implements AutoCloseable {

  private static final Pattern URL =
      Pattern.compile("health and metrics at (http://127\\.0\\.0\\.1:[0-9]+)/readyz");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final HttpClient client = HttpClient.newHttpClient();
  private final Thread thread;

  private RunningCommand(String... arguments) {
    thread =
        Thread.ofPlatform()
            .daemon()
            .start(() ->
                Main.execute(new PrintWriter(out, true), new PrintWriter(err, true), arguments));
  }

  static RunningCommand start(String... arguments) {
    return new RunningCommand(arguments);
  }

  HttpResponse<String> get(String path) {
    String url =
        Eventually.await(
            "the address",
            () -> {
              Matcher matcher = URL.matcher(out.toString());
              return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
            },
            () -> out + " " + err);
    try {
      return client.send(
          HttpRequest.newBuilder(URI.create(url + path)).build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(path + ": " + err, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Asks until the answer is the one that is waited for. */
  HttpResponse<String> await(String path, Predicate<HttpResponse<String>> wanted) {
    return Eventually.await(
        path,
        () -> Optional.of(get(path)).filter(wanted),
        () -> get(path).body() + " " + out + " " + err);
  }

  String printed() {
    return out.toString();
  }

  @Override
  public void close() {
    thread.interrupt();
    Threads.join(thread);
    client.close();
  }
}
