package io.millrace.app.dashboard.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** The points that came since they were last taken, as means of tenths of a second; bounded. */
public final class Arrivals {
  private static final long INTERVAL_MS = 100;

  private final int limit;
  private final ArrayDeque<Point> done = new ArrayDeque<>();
  private final Buckets open = new Buckets(1);
  private long interval = Long.MIN_VALUE;

  /**
   * Nothing yet.
   *
   * @param limit points that are kept; the oldest give way
   */
  public Arrivals(int limit) {
    this.limit = limit;
  }

  /** Takes a point. */
  public void add(Point point) {
    long of = Math.floorDiv(point.timeMs(), INTERVAL_MS);
    if (of != interval) {
      close();
      interval = of;
    }
    open.add(0, point);
  }

  /** Hands out what came, and forgets it. */
  public List<Point> take() {
    close();
    List<Point> points = new ArrayList<>(done);
    done.clear();
    return points;
  }

  private void close() {
    if (interval == Long.MIN_VALUE) {
      return;
    }
    done.addLast(open.point(0));
    if (done.size() > limit) {
      done.removeFirst();
    }
    open.clear(0);
    interval = Long.MIN_VALUE;
  }
}
