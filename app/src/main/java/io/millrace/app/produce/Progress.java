package io.millrace.app.produce;

/**
 * How far a sender is.
 *
 * @param position the next position in the order of images, over all epochs
 * @param length positions in all; {@code Long.MAX_VALUE} when sending for ever
 * @param acknowledged records of this run that the brokers have confirmed
 * @param bytes size of those records' values
 * @param elapsedNanos time since this run started
 */
public record Progress(
    long position, long length, long acknowledged, long bytes, long elapsedNanos) {

  /** Confirmed records a second, over the whole run. */
  public double perSecond() {
    return elapsedNanos == 0 ? 0 : acknowledged * 1e9 / elapsedNanos;
  }
}
