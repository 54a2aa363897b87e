package io.millrace.app.dashboard;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Events on the way to one page. An event that is a whole state takes the place of its predecessor
 * that still waits; of the others only so many wait, and a page that is slower than that is left to
 * itself: it comes again, and gets everything anew.
 */
final class EventQueue {
  private static final int MAX_WAITING = 64;
  private static final long PING_MS = 10_000;
  private static final byte[] PING = ": ping\n\n".getBytes(StandardCharsets.UTF_8);

  private record Event(String name, byte[] bytes, boolean whole) {}

  private final ArrayDeque<Event> waiting = new ArrayDeque<>();
  private boolean dropped;

  /** Takes an event; never waits. */
  synchronized void offer(String name, byte[] bytes, boolean whole) {
    if (dropped) {
      return;
    }
    if (whole) {
      waiting.removeIf(event -> event.whole() && event.name().equals(name));
    }
    if (waiting.size() >= MAX_WAITING) {
      dropped = true;
      waiting.clear();
    } else {
      waiting.addLast(new Event(name, bytes, whole));
    }
    notifyAll();
  }

  /**
   * Writes events as they come.
   *
   * @throws IOException if the page has gone or was too slow
   */
  void writeTo(OutputStream out) throws IOException, InterruptedException {
    while (true) {
      Optional<Event> next = next();
      out.write(next.isPresent() ? next.get().bytes() : PING);
      if (next.isEmpty() || idle()) {
        out.flush();
      }
    }
  }

  private synchronized boolean idle() {
    return waiting.isEmpty();
  }

  /** Waits for an event; empty when it is time for a sign of life. */
  private synchronized Optional<Event> next() throws IOException, InterruptedException {
    long end = System.nanoTime() + PING_MS * 1_000_000;
    @Nullable Event event = waiting.pollFirst();
    while (event == null && !dropped) {
      long leftMs = (end - System.nanoTime()) / 1_000_000;
      if (leftMs <= 0) {
        return Optional.empty();
      }
      wait(leftMs);
      event = waiting.pollFirst();
    }
    if (event == null) {
      throw new IOException("the page did not keep up");
    }
    return Optional.of(event);
  }
}
