package io.millrace.app.access;

/** The programs that talk to a cluster, each with a principal of its own. */
public enum Role {
  LEARNER,
  PRODUCER,
  CONSUMER,
  REPLAY,
  PREDICTOR,
  JOINER,
  OPERATOR,
  SERVER,
  DASHBOARD
}
