package io.millrace.topology.config;

/**
 * When the model is published and for how long a version is kept.
 *
 * @param everySteps publish after each step divisible by this; 0 never for this reason
 * @param everySeconds publish what was learned when the newest version is this old by the wall
 *     clock; 0 never for this reason
 * @param retain newest versions kept; older ones are tombstoned
 */
public record SnapshotConfig(long everySteps, long everySeconds, int retain) {

  public SnapshotConfig {
    if (everySteps < 0 || everySeconds < 0) {
      throw new IllegalArgumentException(
          "snapshots: expected everySteps and everySeconds of at least 0, got "
              + everySteps
              + " and "
              + everySeconds);
    }
    if (everySteps == 0 && everySeconds == 0) {
      throw new IllegalArgumentException(
          "snapshots: everySteps and everySeconds are both 0, so nothing would ever be published;"
              + " set one");
    }
    if (retain < 1) {
      throw new IllegalArgumentException("snapshots.retain: expected at least 1, got " + retain);
    }
  }
}
