package io.millrace.app.doctor;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;

/**
 * This machine's clock beside what it can be compared with, without a record being written: Kafka
 * has no question for the time. What carries a broker's or a producer's time cannot be later than
 * now, so a clock that is behind shows; one that is ahead shows only by a running transaction that
 * would be older than any may be.
 */
final class ClockCheck implements Check {

  private static final Instant EARLIEST = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration TOLERANCE = Duration.ofSeconds(5);
  private static final int MOST_TRANSACTIONS = 20;
  private static final String MEND = "timedatectl set-ntp true (or chronyd), on both machines";

  private final Brokers brokers;
  private final Collection<String> topics;

  ClockCheck(Brokers brokers, Collection<String> topics) {
    this.brokers = brokers;
    this.topics = topics;
  }

  @Override
  public String subject() {
    return "clock";
  }

  /** A time that somebody else wrote down. */
  private record Witness(String what, long timeMs) {}

  @Override
  public List<Finding> look() {
    Instant now = Instant.now();
    if (now.isBefore(EARLIEST)) {
      return List.of(
          fault(
              "it is "
                  + now
                  + " on this machine, before Millrace was written: records would be"
                  + " deleted at once, certificates refused",
              MEND));
    }
    List<Witness> witnesses = new ArrayList<>(newestRecords());
    witnesses.addAll(transactionStarts());
    if (witnesses.isEmpty()) {
      return List.of(
          unknown("no record and no transaction to compare it with; it is " + now + " here"));
    }
    long nowMs = System.currentTimeMillis();
    Witness latest = witnesses.getFirst();
    for (Witness witness : witnesses) {
      latest = witness.timeMs() > latest.timeMs() ? witness : latest;
    }
    long aheadMs = latest.timeMs() - nowMs;
    if (aheadMs > TOLERANCE.toMillis()) {
      return List.of(
          fault(
              latest.what()
                  + " is from "
                  + seconds(aheadMs)
                  + " in the future: this machine's clock is behind, or that of whoever wrote it"
                  + " ahead",
              MEND));
    }
    return List.of(
        fine(
            "not behind the latest time on the cluster, "
                + latest.what()
                + ", "
                + seconds(-aheadMs)
                + " ago"));
  }

  private List<Witness> newestRecords() {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    for (String topic : topics) {
      wanted.put(new TopicPartition(topic, 0), OffsetSpec.maxTimestamp());
    }
    ListOffsetsResult answers = brokers.admin().listOffsets(wanted);
    List<Witness> witnesses = new ArrayList<>();
    for (TopicPartition partition : wanted.keySet()) {
      try {
        long timeMs = Brokers.ask(answers.partitionResult(partition)).timestamp();
        if (timeMs >= 0) {
          witnesses.add(new Witness("newest record of " + partition.topic(), timeMs));
        }
      } catch (ApiException _) {
        // No such topic or no right to see it, which other checks tell.
      }
    }
    return witnesses;
  }

  /** Coordinators write down by their own clock when a transaction began. */
  private List<Witness> transactionStarts() {
    List<Witness> witnesses = new ArrayList<>();
    try {
      List<String> ids =
          Brokers.ask(brokers.admin().listTransactions().all()).stream()
              .map(TransactionListing::transactionalId)
              .limit(MOST_TRANSACTIONS)
              .toList();
      for (var description :
          Brokers.ask(brokers.admin().describeTransactions(ids).all()).values()) {
        OptionalLong startMs = description.transactionStartTimeMs();
        if (startMs.isPresent()) {
          witnesses.add(new Witness("a broker's open transaction", startMs.getAsLong()));
        }
      }
    } catch (ApiException e) {
      return witnesses;
    }
    return witnesses;
  }

  private static String seconds(long ms) {
    return ms < 120_000 ? Math.max(0, ms) / 1000 + " s" : ms / 60_000 + " min";
  }
}
