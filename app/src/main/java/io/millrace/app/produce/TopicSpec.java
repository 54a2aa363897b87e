package io.millrace.app.produce;

import java.util.Map;
import java.util.Optional;

/**
 * A topic as it has to be.
 *
 * @param partitions number of partitions; empty takes any number, and the broker's default for a
 *     new topic
 * @param replication copies of each partition of a new topic; empty takes the broker's default
 * @param config settings of a new topic, such as {@code cleanup.policy}; an existing topic's are
 *     left as they are
 */
public record TopicSpec(
    String name,
    Optional<Integer> partitions,
    Optional<Short> replication,
    Map<String, String> config) {
  public TopicSpec {
    config = Map.copyOf(config);
  }

  /** A topic with this many partitions, the broker's replication and these settings. */
  public static TopicSpec of(String name, int partitions, Map<String, String> config) {
    return new TopicSpec(name, Optional.of(partitions), Optional.empty(), config);
  }

  /** The same with so many copies of each partition. */
  public TopicSpec withReplication(short newReplication) {
    return new TopicSpec(name, partitions, Optional.of(newReplication), config);
  }
}
