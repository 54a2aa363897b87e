package io.millrace.app.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.DescribeProducersResult.PartitionProducerState;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;

/**
 * Transactions that stay open. Who reads only what is committed waits at the first record of the
 * oldest one, and so learners and subscribers stand still, whoever's it is.
 */
final class TransactionsCheck implements Check {

  /** Longer than a learner leaves one open while it works. */
  private static final Duration LONG = Duration.ofSeconds(10);

  private final Brokers brokers;
  private final Collection<String> topics;
  private final Duration longest;

  /**
   * A check of these topics' first partitions.
   *
   * @param commitIntervalMs how long the program's own ones stay open
   */
  TransactionsCheck(Brokers brokers, Collection<String> topics, long commitIntervalMs) {
    this.brokers = brokers;
    this.topics = topics;
    this.longest = LONG.plusMillis(commitIntervalMs);
  }

  @Override
  public String subject() {
    return "transactions";
  }

  @Override
  public List<Finding> look() {
    List<Finding> findings = new ArrayList<>();
    List<TopicPartition> partitions =
        topics.stream().map(topic -> new TopicPartition(topic, 0)).toList();
    Map<TopicPartition, Long> committed = ends(partitions, IsolationLevel.READ_COMMITTED);
    Map<TopicPartition, Long> written = ends(partitions, IsolationLevel.READ_UNCOMMITTED);
    committed.forEach((partition, stable) -> {
      long waiting = written.getOrDefault(partition, stable) - stable;
      if (waiting > 0) {
        open(partition, waiting, findings);
      }
    });
    if (findings.isEmpty() && !committed.isEmpty()) {
      findings.add(fine("none stays open"));
    }
    return findings;
  }

  private void open(TopicPartition partition, long waiting, List<Finding> findings) {
    PartitionProducerState state;
    try {
      state =
          Brokers.ask(
              brokers.admin().describeProducers(List.of(partition)).partitionResult(partition));
    } catch (ApiException e) {
      findings.add(
          unknown(
              partition
                  + ": "
                  + waiting
                  + " records are not committed; since when may not be"
                  + " seen (READ)"));
      return;
    }
    for (ProducerState producer : state.activeProducers()) {
      Duration age =
          Duration.ofMillis(Math.max(0, System.currentTimeMillis() - producer.lastTimestamp()));
      if (producer.currentTransactionStartOffset().isPresent() && age.compareTo(longest) > 0) {
        findings.add(
            fault(
                partition
                    + ": producer "
                    + producer.producerId()
                    + " opened a transaction at offset "
                    + producer.currentTransactionStartOffset().getAsLong()
                    + " and wrote last "
                    + age.toSeconds()
                    + " s ago: "
                    + waiting
                    + " records cannot be read",
                "end that producer; or kafka-transactions.sh --bootstrap-server HOST:PORT abort"
                    + " --topic "
                    + partition.topic()
                    + " --partition "
                    + partition.partition()
                    + " --start-offset "
                    + producer.currentTransactionStartOffset().getAsLong()));
      }
    }
  }

  private Map<TopicPartition, Long> ends(List<TopicPartition> partitions, IsolationLevel level) {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    partitions.forEach(partition -> wanted.put(partition, OffsetSpec.latest()));
    ListOffsetsResult answers = brokers.admin().listOffsets(wanted, new ListOffsetsOptions(level));
    Map<TopicPartition, Long> ends = new HashMap<>();
    for (TopicPartition partition : partitions) {
      try {
        ends.put(partition, Brokers.ask(answers.partitionResult(partition)).offset());
      } catch (ApiException _) {
        // No such topic or no right to see it, which other checks tell.
      }
    }
    return ends;
  }
}
