package io.millrace.serving;

/** There is a model, but it is older than allowed; a newer one ends it. */
public final class StaleModelException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  StaleModelException(Snapshot snapshot, long ageMs, Freshness freshness) {
    super(
        snapshot
            + ": expected a model of at most "
            + freshness.maxAge().toMillis()
            + " ms, got one of "
            + ageMs
            + " ms; see whether its learner still publishes");
  }
}
