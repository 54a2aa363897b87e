package io.millrace.serving;

import io.millrace.serving.AssemblyResult.Reason;

/** Ends the checks of one snapshot at the first that fails. */
final class RejectedSnapshotException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Reason reason;
  private final String detail;

  RejectedSnapshotException(Reason reason, String detail) {
    super(detail);
    this.reason = reason;
    this.detail = detail;
  }

  Reason reason() {
    return reason;
  }

  String detail() {
    return detail;
  }
}
