package io.millrace.serving;

import io.micrometer.core.instrument.Counter;
import io.millrace.schemas.TensorBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;

/**
 * Sends a share of requests to a second predictor. A request's key decides, so that a key always
 * meets the same one, in every process. Where the second has no model, or one that is too old, the
 * first answers. Neither is closed by this. Thread-safe.
 */
public final class Canary {
  private final Predictor stable;
  private final Predictor candidate;
  private final double share;
  private final Counter toStable;
  private final Counter toCandidate;
  private final Counter fallenBack;

  /**
   * Two predictors, each following a selection of its own.
   *
   * @param share of the keys that the candidate answers, 0 to 1
   * @param meters counts requests by role; give the predictors' own meters tags that differ
   */
  public Canary(Predictor stable, Predictor candidate, double share, ServingMeters meters) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("canary: expected a share of 0 to 1, got " + share);
    }
    this.stable = stable;
    this.candidate = candidate;
    this.share = share;
    String description = "Requests by the role that answered.";
    toStable = meters.tagged("role", "stable").counter("canary", description);
    toCandidate = meters.tagged("role", "candidate").counter("canary", description);
    fallenBack = meters.tagged("role", "fallback").counter("canary", description);
  }

  /** Whether a key belongs to the candidate's share. */
  public boolean picks(String key) {
    MessageDigest sha256 = TensorBytes.digest();
    byte[] hash = sha256.digest(key.getBytes(StandardCharsets.UTF_8));
    // 53 bits, so that the quotient is exact.
    double place = (ByteBuffer.wrap(hash).getLong() >>> 11) * 0x1p-53;
    return place < share;
  }

  /**
   * Predicts images, all with one snapshot.
   *
   * @param key of the request, such as a user's or a session's
   * @throws IllegalStateException and the others as {@link Predictor#predict(List)} does
   */
  public List<Answer> predict(String key, List<byte[]> images) {
    if (!picks(key)) {
      toStable.increment();
      return stable.predict(images);
    }
    if (candidate.snapshot().isPresent()) {
      try {
        List<Answer> answers = candidate.predict(images);
        toCandidate.increment();
        return answers;
      } catch (StaleModelException e) {
        // It answers nobody for now.
      }
    }
    fallenBack.increment();
    return stable.predict(images);
  }
}
