package io.millrace.app.produce;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A topic as a cluster has it.
 *
 * @param replication the fewest copies that any of its partitions has
 * @param config every setting with the value that counts, the brokers' defaults included
 */
public record ExistingTopic(int partitions, int replication, Map<String, String> config) {
  public ExistingTopic {
    config = Map.copyOf(config);
  }

  /** What is other than it has to be, a phrase for each; empty when nothing is. */
  public List<String> differencesFrom(TopicSpec wanted) {
    List<String> differences = new ArrayList<>();
    wanted
        .partitions()
        .filter(expected -> expected != partitions)
        .ifPresent(expected -> differences.add(difference("partitions", expected, partitions)));
    wanted
        .replication()
        .filter(expected -> expected != replication)
        .ifPresent(expected -> differences.add(difference("replication", expected, replication)));
    new TreeMap<>(wanted.config())
        .forEach((key, expected) -> {
          String actual = config.getOrDefault(key, "nothing");
          if (!actual.equals(expected)) {
            differences.add(difference(key, expected, actual));
          }
        });
    return differences;
  }

  private static String difference(String what, Object expected, Object actual) {
    return what + ": expected " + expected + ", got " + actual;
  }
}
