package io.millrace.topology.learn;

/** Takes what a training session has to say. */
public interface Output {

  /** Where a record goes. */
  enum Channel {
    METRICS,
    LAYERS,
    SNAPSHOTS,
    JOURNAL,
    DEAD_LETTERS,
    ACKNOWLEDGEMENTS,
    ALIASES
  }

  void send(Channel channel, KeyedBytes record);
}
