package io.millrace.topology.config;

import io.millrace.schemas.Topics;

/** The topics that predictions read and write. */
public record PredictTopics(
    String unlabeled, String snapshots, String predictions, String deadLetters) {

  public static PredictTopics defaults() {
    return new PredictTopics(
        Topics.UNLABELED, Topics.SNAPSHOTS, Topics.PREDICTIONS, Topics.DEAD_LETTERS);
  }
}
