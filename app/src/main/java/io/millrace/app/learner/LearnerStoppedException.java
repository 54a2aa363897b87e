package io.millrace.app.learner;

import io.millrace.app.access.Acl;
import io.millrace.app.access.Refusals;
import java.util.List;

/** A program ended by itself; the message is the innermost cause's, which says what to do. */
public final class LearnerStoppedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Tells of a failure.
   *
   * @param needed the rights that the learner needs, for a message that names the missing one
   */
  public LearnerStoppedException(Throwable failure, List<Acl> needed) {
    this("the learner", failure, needed);
  }

  /**
   * Tells of the failure of another program.
   *
   * @param program such as {@code the learner}
   */
  public LearnerStoppedException(String program, Throwable failure, List<Acl> needed) {
    super(
        program
            + " stopped: "
            + Refusals.explain(failure, needed).orElseGet(() -> innermost(failure).getMessage()),
        failure);
  }

  private static Throwable innermost(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
