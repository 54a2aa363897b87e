package io.millrace.topology.learn;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.function.Supplier;

/** Measures images per second over the last seconds; takes the lag from whoever knows it. */
public final class ThroughputObserver implements Observer {

  private static final long WINDOW_MS = 5_000;

  private record Mark(long timeMs, long images) {}

  private final Supplier<Map<String, Long>> lag;
  private final ArrayDeque<Mark> marks = new ArrayDeque<>();
  private long images;

  public ThroughputObserver(Supplier<Map<String, Long>> lag) {
    this.lag = lag;
  }

  @Override
  public synchronized void started(long step, long images) {
    marks.clear();
  }

  @Override
  public synchronized void stepped(int batchSize, long nowMs) {
    images += batchSize;
    marks.addLast(new Mark(nowMs, images));
    while (marks.size() > 2 && nowMs - marks.getFirst().timeMs() > WINDOW_MS) {
      marks.removeFirst();
    }
  }

  @Override
  public void published(long version, long step) {}

  @Override
  public synchronized double imagesPerSecond() {
    if (marks.size() < 2) {
      return 0;
    }
    long elapsedMs = Math.max(1, marks.getLast().timeMs() - marks.getFirst().timeMs());
    return (marks.getLast().images() - marks.getFirst().images()) * 1000.0 / elapsedMs;
  }

  @Override
  public Map<String, Long> lag() {
    return lag.get();
  }
}
