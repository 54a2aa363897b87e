package io.millrace.app.terminal;

/** Bars and curves out of block characters, or of ASCII where a terminal shows no others. */
public final class Charts {

  private static final String LEVELS = "▁▂▃▄▅▆▇█";
  private static final String ASCII_LEVELS = "_.-:=+*#";

  private Charts() {}

  /**
   * A bar.
   *
   * @param share 0 to 1
   */
  public static String bar(double share, int width, boolean unicode) {
    int full = (int) Math.round(Math.clamp(share, 0, 1) * width);
    return (unicode ? "█" : "#").repeat(full) + (unicode ? "░" : ".").repeat(width - full);
  }

  /** A curve of the values, at most {@code width} wide, from the lowest to the highest of them. */
  public static String curve(double[] values, int width, boolean unicode) {
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
    String levels = unicode ? LEVELS : ASCII_LEVELS;
    StringBuilder curve = new StringBuilder(columns);
    for (double mean : means) {
      double share = high > low ? (mean - low) / (high - low) : 0;
      curve.append(levels.charAt((int) Math.round(share * (levels.length() - 1))));
    }
    return curve.toString();
  }
}
