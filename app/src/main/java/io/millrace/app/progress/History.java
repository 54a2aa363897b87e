package io.millrace.app.progress;

/**
 * A measure since the beginning in bounded memory: when it is full, neighbours become their mean,
 * and from then on each point stands for twice as many values.
 */
final class History {

  static final int MOST = 512;

  private final double[] points = new double[MOST];
  private int size;
  private int valuesPerPoint = 1;
  private double sum;
  private int summed;

  void add(double value) {
    sum += value;
    summed++;
    if (summed < valuesPerPoint) {
      return;
    }
    if (size == MOST) {
      for (int i = 0; i < MOST / 2; i++) {
        points[i] = (points[2 * i] + points[2 * i + 1]) / 2;
      }
      size = MOST / 2;
      valuesPerPoint *= 2;
      return;
    }
    points[size++] = sum / summed;
    sum = 0;
    summed = 0;
  }

  /** The oldest first. */
  double[] values() {
    double[] values = new double[size];
    System.arraycopy(points, 0, values, 0, size);
    return values;
  }
}
