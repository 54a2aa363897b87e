package io.millrace.tests.faults;

/** A place in a learner's work at which a fault can strike exactly. */
enum Point {
  /** A minibatch is trained; its metrics are not yet sent. */
  STEP,
  /** Before a record of the snapshots topic is sent. */
  SNAPSHOT,
  /** Before a record of the changelog is sent, in the flush of a commit. */
  FLUSH,
  /** All is flushed, the input offsets are not yet in the transaction. */
  OFFSETS,
  /** Offsets are in the transaction, which is not yet committed. */
  COMMIT,
  /** The transaction is committed, and nothing more has happened. */
  COMMITTED,
  /** A part of the changelog is read while the state is restored. */
  RESTORE,
  /** The group has just given the task to this instance. */
  ASSIGNED
}
