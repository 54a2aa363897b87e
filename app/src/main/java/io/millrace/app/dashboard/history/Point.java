package io.millrace.app.dashboard.history;

/**
 * What one training step, or the mean of several, measured; NaN where there was no finite number.
 *
 * @param timeMs since 1970; of several steps that of the last, as are step and images
 * @param lag records not read yet
 */
public record Point(
    long timeMs,
    long step,
    long images,
    double windowLoss,
    double windowAccuracy,
    double loss,
    double accuracy,
    double learningRate,
    double gradientNorm,
    double imagesPerSecond,
    double lag) {

  /** Numbers of which means are taken. */
  static final int MEANS = 8;

  /** The numbers of which means are taken, in the order of the fields. */
  double mean(int field) {
    return switch (field) {
      case 0 -> windowLoss;
      case 1 -> windowAccuracy;
      case 2 -> loss;
      case 3 -> accuracy;
      case 4 -> learningRate;
      case 5 -> gradientNorm;
      case 6 -> imagesPerSecond;
      case 7 -> lag;
      default -> throw new IndexOutOfBoundsException("point: no mean " + field);
    };
  }
}
