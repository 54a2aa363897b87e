package io.millrace.tests.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.tests.support.Eventually;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** One page in a browser: what a reader does to it and sees of it. */
final class BrowserPage implements AutoCloseable {
  /**
   * What Chromium says of any request that is under way when a network of the machine comes or
   * goes, such as a container's. It is not the page's fault, and the page tries again.
   */
  private static final String NETWORK_CHANGED = "ERR_NETWORK_CHANGED";

  /** Fails where a script or a style sheet was not loaded, which leaves the page without life. */
  private static final String LOADED = "document.getElementById('status')?.textContent !== ''";

  private static final int LOADS = 5;
  private static final long LOAD_MS = 15_000;
  private static final Map<String, Integer> KEYS =
      Map.of("ArrowLeft", 37, "ArrowRight", 39, "Home", 36, "End", 35, "Enter", 13, " ", 32);

  private final DevTools tools;
  private final List<String> complaints = new CopyOnWriteArrayList<>();

  BrowserPage(HttpClient client, URI address, Viewport viewport) {
    tools = new DevTools(client, address, this::listen);
    tools.call("Page.enable");
    tools.call("Runtime.enable");
    tools.call("Log.enable");
    tools.call(
        "Emulation.setDeviceMetricsOverride",
        Map.of(
            "width", viewport.width(),
            "height", viewport.height(),
            "deviceScaleFactor", viewport.scale(),
            "mobile", viewport.mobile()));
    tools.call(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(
                Map.of("name", "prefers-color-scheme", "value", viewport.theme().text()),
                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
  }

  private void listen(JsonNode event) {
    JsonNode parameters = event.path("params");
    switch (event.path("method").asText()) {
      case "Runtime.exceptionThrown" ->
          complain(parameters.path("exceptionDetails").path("exception").path("description"));
      case "Runtime.consoleAPICalled" -> {
        if (List.of("error", "warning", "assert").contains(parameters.path("type").asText())) {
          complain(parameters.path("args"));
        }
      }
      case "Log.entryAdded" -> complain(parameters.path("entry"));
      default -> {}
    }
  }

  private void complain(JsonNode what) {
    if (!what.toString().contains(NETWORK_CHANGED)) {
      complaints.add(what.toString());
    }
  }

  /**
   * Errors, warnings and refused resources that the browser told of so far; a breach of the content
   * security policy is among them.
   */
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  /** Opens an address, again where the machine's network changed in between. */
  void open(String url) {
    for (int load = 1; load <= LOADS; load++) {
      tools.call("Page.navigate", Map.of("url", "about:blank"));
      tools.call("Page.navigate", Map.of("url", url));
      long end = System.nanoTime() + LOAD_MS * 1_000_000;
      while (System.nanoTime() < end) {
        if (holds("document.readyState === 'complete' && " + LOADED)) {
          return;
        }
      }
    }
    throw new AssertionError(url + ": expected a page that lives, got " + complaints);
  }

  /** The value of an expression of JavaScript, after its promise where it is one. */
  JsonNode evaluate(String expression) {
    JsonNode result =
        tools.call(
            "Runtime.evaluate",
            Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
    if (result.has("exceptionDetails")) {
      throw new IllegalStateException(expression + ": " + result.get("exceptionDetails"));
    }
    return result.path("result").path("value");
  }

  String text(String selector) {
    return evaluate("document.querySelector(" + quote(selector) + ")?.innerText ?? ''").asText();
  }

  private boolean holds(String condition) {
    try {
      return evaluate("Boolean(" + condition + ")").asBoolean();
    } catch (IllegalStateException e) {
      return false; // Its document is just being replaced.
    }
  }

  /** Waits until a condition in JavaScript holds. */
  void await(String what, String condition) {
    Eventually.await(
        what,
        () -> holds(condition) ? Optional.of(true) : Optional.empty(),
        () -> text("#main").replace('\n', ' ') + " " + complaints);
  }

  /** Waits for an element that can be seen. */
  void awaitVisible(String selector) {
    await(selector, "document.querySelector(" + quote(selector) + ")?.checkVisibility()");
  }

  void awaitGone(String selector) {
    await("no " + selector, "!document.querySelector(" + quote(selector) + ")?.checkVisibility()");
  }

  /** Opens a view as its address does. */
  void view(String name) {
    evaluate("location.hash = " + quote(name));
    awaitVisible("#panel-" + name);
  }

  /** Presses and releases a key, by its name in the DOM. */
  void press(String key) {
    int code = KEYS.getOrDefault(key, (int) key.charAt(0));
    Map<String, Object> stroke = Map.of("key", key, "code", key, "windowsVirtualKeyCode", code);
    tools.call("Input.dispatchKeyEvent", with(stroke, "type", "rawKeyDown"));
    if (key.length() == 1) {
      tools.call("Input.dispatchKeyEvent", with(with(stroke, "type", "char"), "text", key));
    }
    tools.call("Input.dispatchKeyEvent", with(stroke, "type", "keyUp"));
  }

  private static Map<String, Object> with(Map<String, Object> map, String key, Object value) {
    Map<String, Object> more = new HashMap<>(map);
    more.put(key, value);
    return more;
  }

  /** Clicks into the middle of an element, as a mouse does. */
  void click(String selector) {
    awaitVisible(selector);
    double[] at = pointIn(selector, 0.5, 0.5);
    mouse("mousePressed", at, 1);
    mouse("mouseReleased", at, 0);
  }

  /** Draws a line over an element with the mouse, between two points as shares of its size. */
  void drag(String selector, double fromX, double fromY, double toX, double toY) {
    mouse("mousePressed", pointIn(selector, fromX, fromY), 1);
    int moves = 12;
    for (int move = 1; move <= moves; move++) {
      double share = (double) move / moves;
      mouse(
          "mouseMoved",
          pointIn(selector, fromX + share * (toX - fromX), fromY + share * (toY - fromY)),
          1);
    }
    mouse("mouseReleased", pointIn(selector, toX, toY), 0);
  }

  private double[] pointIn(String selector, double shareX, double shareY) {
    JsonNode box =
        evaluate(
            "(() => { const element = document.querySelector("
                + quote(selector)
                + "); element.scrollIntoView({block: 'nearest'});"
                + " const {x, y, width, height} = element.getBoundingClientRect();"
                + " return {x, y, width, height}; })()");
    return new double[] {
      box.get("x").asDouble() + shareX * box.get("width").asDouble(),
      box.get("y").asDouble() + shareY * box.get("height").asDouble()
    };
  }

  private void mouse(String type, double[] at, int buttons) {
    tools.call(
        "Input.dispatchMouseEvent",
        Map.of(
            "type",
            type,
            "x",
            at[0],
            "y",
            at[1],
            "button",
            "left",
            "buttons",
            buttons,
            "clickCount",
            1));
  }

  /** What can be seen now, as a PNG. */
  byte[] screenshot() {
    JsonNode shot = tools.call("Page.captureScreenshot", Map.of("format", "png"));
    return Base64.getDecoder().decode(shot.get("data").asText());
  }

  private static String quote(String text) {
    return DevTools.JSON.valueToTree(text).toString();
  }

  @Override
  public void close() {
    tools.call("Page.close");
    tools.close();
  }
}
