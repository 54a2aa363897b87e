package io.millrace.app.dashboard;

import com.sun.net.httpserver.HttpExchange;
import io.millrace.app.dashboard.panel.Panel;
import io.millrace.app.http.Answer;
import io.millrace.app.http.HttpProblem;
import io.millrace.app.http.Streamed;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Server-sent events: once a second each panel that has something new is written down once, and all
 * pages get the same bytes. Without a page nothing is written.
 */
final class ServerEvents implements AutoCloseable {
  /** Pages at the same time. */
  static final int MAX_PAGES = 32;

  private static final Logger LOG = LoggerFactory.getLogger(ServerEvents.class);
  private static final int UNAVAILABLE = 503;
  private static final long TICK_MS = 1_000;
  private static final byte[] HELLO = "retry: 2000\n\n".getBytes(StandardCharsets.UTF_8);

  private final List<Panel> panels;
  private final Runnable firstPage;
  private final Set<EventQueue> pages = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("millrace-page-events").daemon().factory());

  /**
   * Begins to tick.
   *
   * @param panels in the order in which a new page gets them
   * @param firstPage called when a page comes and there was none
   */
  ServerEvents(List<Panel> panels, Runnable firstPage) {
    this.panels = List.copyOf(panels);
    this.firstPage = firstPage;
    var _ = ticker.scheduleWithFixedDelay(this::tick, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
  }

  /** Whether anybody looks. */
  boolean watched() {
    return !pages.isEmpty();
  }

  Answer answer(HttpExchange exchange) throws HttpProblem {
    if (exchange.getRequestMethod().equals("HEAD")) {
      return Streamed.events(_ -> {});
    }
    if (pages.size() >= MAX_PAGES) {
      throw new HttpProblem(
          UNAVAILABLE,
          "pages: expected at most " + MAX_PAGES + " at the same time, got more; close one",
          Map.of("Retry-After", "5"));
    }
    return Streamed.events(this::serve);
  }

  private void serve(OutputStream out) throws IOException, InterruptedException {
    EventQueue queue = new EventQueue();
    try {
      out.write(HELLO);
      synchronized (this) {
        if (pages.size() >= MAX_PAGES) {
          return;
        }
        if (pages.isEmpty()) {
          firstPage.run();
        }
        // Between the two, a change may be told twice, but none is missed.
        pages.add(queue);
      }
      for (Panel panel : panels) {
        queue.offer(panel.event(), event(panel.event(), panel.whole()), true);
      }
      queue.writeTo(out);
    } finally {
      pages.remove(queue);
    }
  }

  private void tick() {
    if (pages.isEmpty()) {
      return;
    }
    for (Panel panel : panels) {
      try {
        Optional<byte[]> change = panel.change();
        if (change.isPresent()) {
          byte[] event = event(panel.event(), change.get());
          pages.forEach(page -> page.offer(panel.event(), event, panel.changesAreWhole()));
        }
      } catch (RuntimeException e) {
        LOG.warn("page: event {} failed", panel.event(), e);
      }
    }
  }

  /** JSON of one line as an event; it ends with a line feed already. */
  private static byte[] event(String name, byte[] json) {
    byte[] head = ("event: " + name + "\ndata: ").getBytes(StandardCharsets.UTF_8);
    byte[] event = new byte[head.length + json.length + 1];
    System.arraycopy(head, 0, event, 0, head.length);
    System.arraycopy(json, 0, event, head.length, json.length);
    event[event.length - 1] = '\n';
    return event;
  }

  @Override
  public void close() {
    ticker.shutdownNow();
  }
}
