package io.millrace.topology.learn;

/**
 * How long Kafka Streams took for what it does beside learning.
 *
 * @param commitMs a commit on average, in milliseconds, of the recent past; 0 before the first
 * @param restoreMs restoring the training state, in milliseconds; -1 if there was nothing to
 *     restore
 * @param restoredRecords records of the changelog that were read for this; -1 likewise
 */
public record StreamTimes(double commitMs, long restoreMs, long restoredRecords) {

  /** Before anything is known. */
  public static StreamTimes unknown() {
    return new StreamTimes(0, -1, -1);
  }
}
