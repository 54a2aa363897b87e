package io.millrace.app.dashboard.feed;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A cluster at one moment, as far as the page shows it.
 *
 * @param group of the learner; empty if it may not be seen
 */
public record ClusterView(List<Partition> partitions, Optional<Group> group, List<Broker> brokers) {

  /** Nothing known. */
  public static final ClusterView EMPTY = new ClusterView(List.of(), Optional.empty(), List.of());

  /**
   * One partition.
   *
   * @param end the offset after the last committed record
   * @param committed the offset that the learner would go on from; empty if it does not read it
   * @param leader a broker's id; -1 if there is none
   * @param isr ids of the brokers whose copies are in sync
   */
  public record Partition(
      String topic,
      int partition,
      long start,
      long end,
      OptionalLong committed,
      int leader,
      List<Integer> isr) {
    public Partition {
      isr = List.copyOf(isr);
    }
  }

  /** A consumer group. */
  public record Group(String id, String state, List<Member> members) {
    public Group {
      members = List.copyOf(members);
    }
  }

  /**
   * One that takes part in a group.
   *
   * @param partitions written as topic-partition
   */
  public record Member(String id, String host, String clientId, List<String> partitions) {
    public Member {
      partitions = List.copyOf(partitions);
    }
  }

  /** A broker. */
  public record Broker(int id, String host, int port, boolean controller) {}

  public ClusterView {
    partitions = List.copyOf(partitions);
    brokers = List.copyOf(brokers);
  }
}
