package io.millrace.topology.config;

import io.millrace.schemas.Topics;

/** The topics that the join of labels reads and writes. */
public record LabelJoinTopics(String unlabeled, String labels, String images, String deadLetters) {

  public static LabelJoinTopics defaults() {
    return new LabelJoinTopics(Topics.UNLABELED, Topics.LABELS, Topics.IMAGES, Topics.DEAD_LETTERS);
  }
}
