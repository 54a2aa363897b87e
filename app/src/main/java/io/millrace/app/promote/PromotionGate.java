package io.millrace.app.promote;

import io.millrace.app.downstream.Evaluation;
import java.util.Locale;
import java.util.Optional;

/**
 * Decides whether a version may take another's place, both measured on the same held-out images.
 *
 * @param maxDrop by which the share of right answers may fall at most, 0 to 1
 */
record PromotionGate(double maxDrop) {

  PromotionGate {
    if (!(maxDrop >= 0 && maxDrop <= 1)) {
      throw new IllegalArgumentException(
          "--max-drop: expected a share of 0 to 1, such as 0.01, got " + maxDrop);
    }
  }

  /**
   * What was decided.
   *
   * @param text why, for people
   */
  record Decision(boolean promote, String text) {}

  /** The first version to have the name needs only to have been measured. */
  Decision decide(Evaluation candidate, Optional<Evaluation> champion) {
    if (champion.isEmpty()) {
      return new Decision(true, percent(candidate) + "; nothing had the name before");
    }
    double drop = champion.get().accuracy() - candidate.accuracy();
    boolean promote = drop <= maxDrop;
    String compared =
        String.format(
            Locale.ROOT,
            "%s against %s of version %d, may fall by %.2f points",
            percent(candidate),
            percent(champion.get()),
            champion.get().snapshot().version(),
            100 * maxDrop);
    return new Decision(promote, compared);
  }

  private static String percent(Evaluation evaluation) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * evaluation.accuracy());
  }
}
