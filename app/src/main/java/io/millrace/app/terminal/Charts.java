package io.millrace.app.terminal;

/** Bars and curves out of block characters. */
public final class Charts {

  private static final String LEVELS = "▁▂▃▄▅▆▇█";

  private Charts() {}

  /**
   * A bar.
   *
   * @param share 0 to 1
   */
  public static String bar(double share, int width) {
    int full = (int) Math.round(Math.clamp(share, 0, 1) * width);
    return "█".repeat(full) + "░".repeat(width - full);
  }

  /** A curve of the values, at most {@code width} wide, from the lowest to the highest of them. */
  public static String curve(double[] values, int width) {
    if (values.length == 0) {
      return "";
    }
    int columns = Math.min(width, values.length);
    double[] means = new double[columns];
    for (int column = 0; column < columns; column++) {
      int from = (int) ((long) column * values.length / columns);
      int to = (int) ((long) (column + 1) * values.length / columns);
      for (int i = from; i < to; i++) {
        means[column] += values[i] / (to - from);
      }
    }
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (double mean : means) {
      low = Math.min(low, mean);
      high = Math.max(high, mean);
    }
    StringBuilder curve = new StringBuilder(columns);
    for (double mean : means) {
      double share = high > low ? (mean - low) / (high - low) : 0;
      curve.append(LEVELS.charAt((int) Math.round(share * (LEVELS.length() - 1))));
    }
    return curve.toString();
  }
}
