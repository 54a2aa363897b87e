package io.millrace.app.snapshot;

import io.millrace.SnapshotManifest;
import io.millrace.TensorInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** How the commands write numbers, times and manifests. */
final class SnapshotText {
  private static final int PREFIX = 12;

  private SnapshotText() {}

  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  static String percent(double fraction) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * fraction);
  }

  static String number(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }

  static String prefix(String sha256) {
    return sha256.substring(0, Math.min(PREFIX, sha256.length()));
  }

  /** How long ago, in the largest unit that leaves a number above 1. */
  static String age(long thenMs, long nowMs) {
    Duration age = Duration.ofMillis(Math.max(0, nowMs - thenMs));
    if (age.toDays() > 1) {
      return age.toDays() + " d";
    }
    if (age.toHours() > 1) {
      return age.toHours() + " h";
    }
    return age.toMinutes() > 1 ? age.toMinutes() + " min" : age.toSeconds() + " s";
  }

  static String time(long ms) {
    return Instant.ofEpochMilli(ms).toString();
  }

  static long sizeBytes(SnapshotManifest manifest) {
    return manifest.getTensors().stream().mapToLong(TensorInfo::getSizeBytes).sum();
  }

  static String shape(List<Integer> extents) {
    return extents.toString();
  }
}
