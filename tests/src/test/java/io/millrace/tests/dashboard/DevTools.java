package io.millrace.tests.dashboard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A connection to one page of a browser by the Chrome DevTools Protocol: calls with answers, and
 * events. <a href="https://chromedevtools.github.io/devtools-protocol/">The protocol</a>.
 */
final class DevTools implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();

  /** Far above what a call takes on a busy machine. */
  private static final long ANSWER_SECONDS = 60;

  private final Consumer<JsonNode> onEvent;
  private final Map<Integer, CompletableFuture<JsonNode>> calls = new ConcurrentHashMap<>();
  private final AtomicInteger ids = new AtomicInteger();
  private final WebSocket socket;

  /**
   * Connects.
   *
   * @param onEvent gets each event, with its fields {@code method} and {@code params}, on the
   *     connection's own thread: it must not call
   */
  DevTools(HttpClient client, URI address, Consumer<JsonNode> onEvent) {
    this.onEvent = onEvent;
    socket = client.newWebSocketBuilder().buildAsync(address, new Reader()).join();
  }

  /**
   * Calls a method of the protocol and waits for its result.
   *
   * @throws IllegalStateException if the browser refuses
   */
  JsonNode call(String method, Map<String, ?> parameters) {
    int id = ids.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    calls.put(id, answer);
    try {
      String text =
          JSON.writeValueAsString(Map.of("id", id, "method", method, "params", parameters));
      socket.sendText(text, true).get(ANSWER_SECONDS, TimeUnit.SECONDS);
      JsonNode message = answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
      if (message.has("error")) {
        throw new IllegalStateException(method + ": refused: " + message.get("error"));
      }
      return message.get("result");
    } catch (JsonProcessingException | ExecutionException e) {
      throw new IllegalStateException(method + ": failed", e);
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          method + ": expected an answer within " + ANSWER_SECONDS + " s, got none", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(method + ": interrupted", e);
    } finally {
      calls.remove(id);
    }
  }

  JsonNode call(String method) {
    return call(method, Map.of());
  }

  @Override
  public void close() {
    socket.abort();
  }

  /** Puts messages together and hands them out. */
  private final class Reader implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        take(text.toString());
        text.setLength(0);
      }
      socket.request(1);
      return CompletableFuture.completedStage(null);
    }

    private void take(String message) {
      JsonNode json;
      try {
        json = JSON.readTree(message);
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("the browser's message is no JSON", e);
      }
      if (!json.has("id")) {
        onEvent.accept(json);
        return;
      }
      CompletableFuture<JsonNode> call = calls.get(json.get("id").asInt());
      if (call != null) {
        call.complete(json);
      }
    }
  }
}
