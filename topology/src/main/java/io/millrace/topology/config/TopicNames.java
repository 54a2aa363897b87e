package io.millrace.topology.config;

import io.millrace.schemas.Topics;

/** The topics that a learner reads and writes. */
public record TopicNames(
    String images,
    String metrics,
    String layers,
    String snapshots,
    String deadLetters,
    String journal,
    String control,
    String acknowledgements,
    String aliases) {

  public static TopicNames defaults() {
    return new TopicNames(
        Topics.IMAGES,
        Topics.METRICS,
        Topics.LAYERS,
        Topics.SNAPSHOTS,
        Topics.DEAD_LETTERS,
        Topics.JOURNAL,
        Topics.CONTROL,
        Topics.ACKNOWLEDGEMENTS,
        Topics.ALIASES);
  }
}
