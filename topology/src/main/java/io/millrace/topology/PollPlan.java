package io.millrace.topology;

import io.millrace.topology.config.LearnerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * How often the learner must ask for records, and how long its transactions may stay open, fitted
 * to the time that a training step takes: a step cannot be interrupted, and a consumer that is
 * silent for longer than {@code max.poll.interval.ms} loses its task, restores it, and is silent
 * again.
 *
 * @param properties what the user has not set, by property name
 * @param warnings where the user's own values contradict the step's time
 */
record PollPlan(Map<String, String> properties, List<String> warnings) {

  /** Kafka's own default. */
  private static final long USUAL_INTERVAL_MS = 300_000;

  /**
   * Above the session's time-out, after which the learner has lost its task anyway. Readers see
   * nothing new until a dead learner's last transaction has timed out, so it is not much more.
   */
  private static final long USUAL_TRANSACTION_MS = 15_000;

  /** What brokers allow by default: transaction.max.timeout.ms. */
  private static final long LONGEST_TRANSACTION_MS = 900_000;

  /** A busy machine may take so many times as long as was measured. */
  private static final int MARGIN = 20;

  /** Training that one poll's records give: enough to hide the poll, little enough to commit. */
  private static final long POLL_MS = 500;

  private static final int MOST_RECORDS = 5_000;

  private static final String INTERVAL = ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG;
  private static final String RECORDS = ConsumerConfig.MAX_POLL_RECORDS_CONFIG;
  private static final String TRANSACTION = ProducerConfig.TRANSACTION_TIMEOUT_CONFIG;

  static PollPlan of(LearnerConfig config, double stepMs) {
    Map<String, String> properties = new TreeMap<>();
    List<String> warnings = new ArrayList<>();
    long longestMs = (long) Math.ceil(MARGIN * stepMs);
    long intervalMs = Math.max(USUAL_INTERVAL_MS, longestMs);
    String step = String.format(Locale.ROOT, "%,.0f ms", stepMs);
    int size = config.minibatch().size();

    OptionalLong userInterval = consumer(config, INTERVAL);
    if (userInterval.isEmpty()) {
      properties.put(StreamsConfig.mainConsumerPrefix(INTERVAL), Long.toString(intervalMs));
    } else if (userInterval.getAsLong() < 2 * stepMs) {
      warnings.add(
          warning(
              INTERVAL,
              userInterval.getAsLong(),
              "a step of " + size + " images takes " + step + ", so the learner will lose its task",
              "at least " + longestMs + ", or a smaller minibatch.size"));
    }
    OptionalLong userRecords = consumer(config, RECORDS);
    long within = userInterval.orElse(intervalMs);
    if (userRecords.isEmpty()) {
      properties.put(
          StreamsConfig.mainConsumerPrefix(RECORDS), Long.toString(records(size, stepMs)));
    } else if (Math.ceilDiv(userRecords.getAsLong(), size) * stepMs > within) {
      warnings.add(
          warning(
              RECORDS,
              userRecords.getAsLong(),
              "so many images take longer than the " + within + " ms of " + INTERVAL,
              "at most " + size * Math.max(1, (long) (within / (2 * stepMs)))));
    }
    addTransaction(config, stepMs, longestMs, properties, warnings);
    return new PollPlan(properties, warnings);
  }

  private static void addTransaction(
      LearnerConfig config,
      double stepMs,
      long longestMs,
      Map<String, String> properties,
      List<String> warnings) {
    long commitMs = value(config, Stream.of(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG)).orElse(1000);
    long neededMs = (long) Math.ceil(commitMs + 2 * stepMs);
    OptionalLong user =
        value(config, Stream.of(StreamsConfig.producerPrefix(TRANSACTION), TRANSACTION));
    if (user.isEmpty()) {
      long wantedMs = Math.max(USUAL_TRANSACTION_MS, commitMs + longestMs);
      properties.put(
          StreamsConfig.producerPrefix(TRANSACTION),
          Long.toString(Math.min(LONGEST_TRANSACTION_MS, wantedMs)));
    }
    long given = user.orElse(LONGEST_TRANSACTION_MS);
    if (given < neededMs) {
      warnings.add(
          warning(
              TRANSACTION,
              given,
              "a transaction stays open for up to " + neededMs + " ms, so it will be aborted",
              "at least " + neededMs + ", or less of kafka.commit.interval.ms or minibatch.size"));
    }
  }

  private static long records(int size, double stepMs) {
    long steps = (long) (POLL_MS / Math.max(0.01, stepMs));
    return Math.clamp(steps * size, size, Math.max(size, MOST_RECORDS));
  }

  private static OptionalLong consumer(LearnerConfig config, String name) {
    return value(
        config,
        Stream.of(
            StreamsConfig.mainConsumerPrefix(name), StreamsConfig.consumerPrefix(name), name));
  }

  /** The first of these that is set; what is no number is left for Kafka to refuse by name. */
  private static OptionalLong value(LearnerConfig config, Stream<String> names) {
    return names
        .map(name -> config.kafka().getOrDefault(name, "").strip())
        .filter(text -> text.matches("\\d{1,18}"))
        .mapToLong(Long::parseLong)
        .findFirst();
  }

  private static String warning(String name, long value, String why, String instead) {
    return "kafka." + name + " is " + value + ", but " + why + "; set " + instead;
  }
}
