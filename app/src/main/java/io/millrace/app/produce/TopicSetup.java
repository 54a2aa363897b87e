package io.millrace.app.produce;

import io.millrace.app.access.Refusals;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Makes sure that topics exist, and looks how far they are filled. Asking for a topic twice is
 * harmless, also from two programs at once. Every method throws {@link ProduceException}.
 */
public final class TopicSetup implements AutoCloseable {
  private static final Duration VISIBLE_WITHIN = Duration.ofSeconds(15);

  private final Admin admin;
  private final String servers;

  /** What asking for a topic led to. */
  public enum Outcome {
    CREATED,
    EXISTED
  }

  private TopicSetup(Admin admin, String servers) {
    this.admin = admin;
    this.servers = servers;
  }

  /**
   * Prepares a connection, which is made at the first question.
   *
   * @param kafka Kafka client settings, {@code bootstrap.servers} at least
   */
  public static TopicSetup connect(Map<String, String> kafka) {
    String servers = kafka.getOrDefault("bootstrap.servers", "");
    Map<String, Object> settings = new HashMap<>();
    settings.put("default.api.timeout.ms", "15000");
    settings.put("request.timeout.ms", "5000");
    settings.putAll(kafka);
    try {
      return new TopicSetup(Admin.create(settings), servers);
    } catch (KafkaException e) {
      throw KafkaFaults.settings(servers, e);
    }
  }

  /**
   * Creates the topic unless it exists; returns once it can be used.
   *
   * @throws ProduceException if it exists with another number of partitions, cannot be created, or
   *     no broker answers
   */
  public Outcome ensure(TopicSpec topic) {
    Optional<Integer> existing = findPartitions(topic.name());
    if (existing.isPresent()) {
      checkPartitions(topic, existing.get());
      awaitLeaders(topic.name()); // another program may have created it just now
      return Outcome.EXISTED;
    }
    NewTopic request =
        new NewTopic(topic.name(), topic.partitions(), topic.replication()).configs(topic.config());
    Outcome outcome = Outcome.CREATED;
    try {
      await(admin.createTopics(List.of(request)).all());
    } catch (TopicExistsException e) { // another program was quicker
      outcome = Outcome.EXISTED;
    } catch (KafkaException e) {
      throw fault(topic.name(), "to be created", AclOperation.CREATE, e);
    }
    checkPartitions(topic, awaitVisible(topic.name()));
    awaitLeaders(topic.name());
    return outcome;
  }

  /**
   * Creates the topic unless it exists, with whatever number of partitions; returns that number.
   *
   * @throws ProduceException if it cannot be created, or no broker answers
   */
  public int createIfMissing(TopicSpec topic) {
    Optional<Integer> existing = findPartitions(topic.name());
    if (existing.isPresent()) {
      awaitLeaders(topic.name());
      return existing.get();
    }
    var _ = ensure(topic);
    return partitions(topic.name());
  }

  private static void checkPartitions(TopicSpec topic, int actual) {
    if (topic.partitions().isPresent() && topic.partitions().get() != actual) {
      throw new ProduceException(
          "topic %s: expected %d partition(s), got %d in the existing topic; ask for %d, delete the topic or choose another name"
              .formatted(topic.name(), topic.partitions().get(), actual, actual));
    }
  }

  /** A created topic reaches the brokers' metadata a moment later. */
  private int awaitVisible(String topic) {
    long deadline = System.nanoTime() + VISIBLE_WITHIN.toNanos();
    while (System.nanoTime() < deadline) {
      Optional<Integer> partitions = findPartitions(topic);
      if (partitions.isPresent()) {
        return partitions.get();
      }
      pause();
    }
    throw new ProduceException(
        "topic %s: expected it within %d s of its creation, got nothing; try again"
            .formatted(topic, VISIBLE_WITHIN.toSeconds()));
  }

  /**
   * Metadata names a leader a moment before it leads. Should it refuse a producer's first batch
   * then and take the one behind it, an idempotent producer would be out of sequence for good.
   * Offsets are told only by a broker that leads.
   */
  private void awaitLeaders(String topic) {
    endOffsets(topic);
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProduceException("interrupted while waiting for a topic", e);
    }
  }

  /** Number of partitions of a topic that has to exist. */
  public int partitions(String topic) {
    return findPartitions(topic)
        .orElseThrow(() ->
            new ProduceException(
                "topic %s: expected it to exist on %s, got no such topic; create it (produce does with --create-topic) or correct the name"
                    .formatted(topic, servers)));
  }

  private Optional<Integer> findPartitions(String topic) {
    return describe(topic).map(description -> description.partitions().size());
  }

  /** A topic as it is; empty if there is none of this name. */
  public Optional<ExistingTopic> find(String topic) {
    Optional<TopicDescription> description = describe(topic);
    return description.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new ExistingTopic(
                description.get().partitions().size(),
                description.get().partitions().stream()
                    .mapToInt(partition -> partition.replicas().size())
                    .min()
                    .orElse(0),
                config(topic)));
  }

  private Map<String, String> config(String topic) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    try {
      return await(admin.describeConfigs(List.of(resource)).all()).values().stream()
          .flatMap(settings -> settings.entries().stream())
          .filter(entry -> entry.value() != null)
          .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
    } catch (KafkaException e) {
      throw fault(topic, "its settings", AclOperation.DESCRIBE_CONFIGS, e);
    }
  }

  private Optional<TopicDescription> describe(String topic) {
    try {
      return await(admin.describeTopics(List.of(topic)).allTopicNames()).values().stream()
          .findFirst();
    } catch (UnknownTopicOrPartitionException e) {
      return Optional.empty();
    } catch (KafkaException e) {
      throw fault(topic, "a description", AclOperation.DESCRIBE, e);
    }
  }

  /** The next offset of each partition: without transactions or deletions the number of records. */
  public long[] endOffsets(String topic) {
    int partitions = partitions(topic);
    Map<TopicPartition, OffsetSpec> latest =
        IntStream.range(0, partitions)
            .mapToObj(partition -> new TopicPartition(topic, partition))
            .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
    try {
      long[] offsets = new long[partitions];
      for (Map.Entry<TopicPartition, ListOffsetsResultInfo> end :
          await(admin.listOffsets(latest).all()).entrySet()) {
        offsets[end.getKey().partition()] = end.getValue().offset();
      }
      return offsets;
    } catch (KafkaException e) {
      throw fault(topic, "its end offsets", AclOperation.DESCRIBE, e);
    }
  }

  private <T> T await(KafkaFuture<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof KafkaException kafka) {
        throw kafka;
      }
      throw new ProduceException("expected an answer of " + servers + ", got " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProduceException("interrupted while waiting for " + servers, e);
    }
  }

  private ProduceException fault(
      String topic, String wanted, AclOperation right, KafkaException cause) {
    if (cause instanceof TimeoutException) {
      return KafkaFaults.noAnswer(servers, cause);
    }
    if (cause instanceof AuthorizationException) {
      return new ProduceException(Refusals.topic(topic, right), cause);
    }
    Optional<String> refusal = Refusals.explain(cause);
    if (refusal.isPresent()) {
      return new ProduceException(refusal.get(), cause);
    }
    String next =
        cause instanceof InvalidTopicException ? "choose another name" : "see the broker's log";
    return new ProduceException(
        "topic " + topic + ": expected " + wanted + ", got " + cause.getMessage() + "; " + next,
        cause);
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(2));
  }
}
