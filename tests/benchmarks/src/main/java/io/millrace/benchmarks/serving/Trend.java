package io.millrace.benchmarks.serving;

import java.util.List;

/**
 * A straight line through points by least squares.
 *
 * @param slope of y for each x
 * @param standardError of the slope, from what the points are off the line
 */
record Trend(double slope, double standardError) {
  static Trend of(List<Long> x, List<Long> y) {
    int n = x.size();
    double meanX = x.stream().mapToLong(Long::longValue).average().orElse(0);
    double meanY = y.stream().mapToLong(Long::longValue).average().orElse(0);
    double xx = 0;
    double xy = 0;
    for (int i = 0; i < n; i++) {
      xx += (x.get(i) - meanX) * (x.get(i) - meanX);
      xy += (x.get(i) - meanX) * (y.get(i) - meanY);
    }
    double slope = xx == 0 ? 0 : xy / xx;
    double squares = 0;
    for (int i = 0; i < n; i++) {
      double off = y.get(i) - meanY - slope * (x.get(i) - meanX);
      squares += off * off;
    }
    return new Trend(slope, xx == 0 || n < 3 ? 0 : Math.sqrt(squares / (n - 2) / xx));
  }
}
