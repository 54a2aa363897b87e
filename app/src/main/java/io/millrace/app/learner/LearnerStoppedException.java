package io.millrace.app.learner;

/** The learner ended by itself; the message is the innermost cause's, which says what to do. */
public final class LearnerStoppedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public LearnerStoppedException(Throwable failure) {
    super("the learner stopped: " + innermost(failure).getMessage(), failure);
  }

  private static Throwable innermost(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
