package io.millrace.topology.learn;

import io.millrace.SkipReason;
import io.millrace.model.training.StepGuard;
import io.millrace.topology.config.GuardConfig;
import io.millrace.topology.state.GuardHistory;
import io.millrace.topology.state.Refusals;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Refuses a minibatch as {@link GuardConfig} says, and tells why. */
final class MinibatchGuard implements StepGuard {

  /** Why a minibatch was refused. */
  record Refusal(SkipReason reason, String message) {}

  private final GuardConfig config;
  private final Refusals refusals;
  private @Nullable Refusal refusal;

  MinibatchGuard(GuardConfig config, Refusals refusals) {
    this.config = config;
    this.refusals = refusals;
    refusals.history().window(config.window());
  }

  @Override
  public boolean accepts(float meanLoss, double gradientNorm) {
    refusal = judge(meanLoss, gradientNorm);
    return refusal == null;
  }

  /** Why the last minibatch was refused; null if it was accepted. */
  @Nullable Refusal refusal() {
    return refusal;
  }

  private @Nullable Refusal judge(float meanLoss, double gradientNorm) {
    if (!Float.isFinite(meanLoss) || !Double.isFinite(gradientNorm)) {
      return new Refusal(
          SkipReason.NOT_FINITE,
          String.format(
              Locale.ROOT,
              "expected a finite loss and gradient, got loss %s and gradient norm %s",
              meanLoss,
              gradientNorm));
    }
    GuardHistory history = refusals.history();
    if (config.sigmas() == 0 || !history.full()) {
      return null;
    }
    double lossLimit = history.lossLimit(config.sigmas());
    if (meanLoss > lossLimit) {
      return exploding("loss", lossLimit, meanLoss);
    }
    double normLimit = history.normLimit(config.sigmas());
    return gradientNorm > normLimit ? exploding("gradient norm", normLimit, gradientNorm) : null;
  }

  private Refusal exploding(String what, double limit, double value) {
    return new Refusal(
        SkipReason.EXPLODING,
        String.format(
            Locale.ROOT,
            "%s: expected at most %.4g after the last %d minibatches, got %.4g",
            what,
            limit,
            config.window(),
            value));
  }
}
