package io.millrace.topology.learn;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Measures images per second over the last seconds; takes lag and times from whoever knows them.
 */
public final class ThroughputObserver implements Observer {

  private static final long WINDOW_MS = 5_000;

  private record Mark(long timeMs, long images) {}

  private final Consumer<String> onPause;
  private final Runnable onResume;
  private final Supplier<Map<String, Long>> lag;
  private final Supplier<StreamTimes> times;
  private final ArrayDeque<Mark> marks = new ArrayDeque<>();
  private long images;

  /**
   * An observer of one learner.
   *
   * @param lag records behind the end, by partition
   * @param onPause takes the reason when training begins to wait for an operator
   * @param onResume told when it waits no longer
   */
  public ThroughputObserver(
      Supplier<Map<String, Long>> lag,
      Supplier<StreamTimes> times,
      Consumer<String> onPause,
      Runnable onResume) {
    this.lag = lag;
    this.times = times;
    this.onPause = onPause;
    this.onResume = onResume;
  }

  @Override
  public synchronized void started(long step, long images) {
    marks.clear();
  }

  @Override
  public synchronized void stepped(int batchSize) {
    long nowMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    images += batchSize;
    marks.addLast(new Mark(nowMs, images));
    while (marks.size() > 2 && nowMs - marks.getFirst().timeMs() > WINDOW_MS) {
      marks.removeFirst();
    }
  }

  @Override
  public void paused(String reason) {
    onPause.accept(reason);
  }

  @Override
  public void resumed() {
    onResume.run();
  }

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

  @Override
  public StreamTimes streamTimes() {
    return times.get();
  }
}
