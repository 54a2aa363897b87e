package io.millrace.app.learner;

import io.millrace.topology.LearnerResources;
import io.millrace.topology.config.LearnerConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that the training state is gone while the group's offsets are not. Kafka Streams makes a
 * changelog that is missing anew, empty; the learner would begin with drawn weights behind images
 * that it believes to have learned, and publish version 1 once more.
 */
final class LostState {

  private static final Logger LOG = LoggerFactory.getLogger(LostState.class);

  private LostState() {}

  /**
   * Looks before the learner starts. Where it may not look, or no broker answers, the learner's own
   * start says so better.
   *
   * @throws IllegalArgumentException if images are committed and the changelog never held anything
   */
  static void refuse(Map<String, String> client, LearnerConfig config) {
    LearnerResources uses = LearnerResources.of(config);
    Map<String, Object> settings = new HashMap<>(client);
    settings.putIfAbsent("default.api.timeout.ms", "15000");
    try (Admin admin = Admin.create(settings)) {
      OptionalLong committed = committed(admin, uses.group(), config.topics().images());
      // A commit writes to the changelog, and a log's end never goes back.
      if (committed.isPresent() && committed.getAsLong() > 0 && end(admin, uses.changelog()) == 0) {
        throw new IllegalArgumentException(
            "topic "
                + uses.changelog()
                + ": expected the training state of the group "
                + uses.group()
                + ", which is done with "
                + config.topics().images()
                + " up to offset "
                + committed.getAsLong()
                + ", got an empty or missing topic; restore it from a backup, or begin anew with"
                + " another kafka.application.id (docs/operations.md)");
      }
    } catch (KafkaException e) {
      LOG.debug("Could not look for the training state", e);
    }
  }

  private static OptionalLong committed(Admin admin, String group, String images) {
    OffsetAndMetadata offset =
        await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
            .get(new TopicPartition(images, 0));
    return offset == null ? OptionalLong.empty() : OptionalLong.of(offset.offset());
  }

  /** 0 for a topic that is not there. */
  private static long end(Admin admin, String topic) {
    TopicPartition partition = new TopicPartition(topic, 0);
    try {
      await(admin.describeTopics(List.of(topic)).allTopicNames());
      return await(
              admin.listOffsets(Map.of(partition, OffsetSpec.latest())).partitionResult(partition))
          .offset();
    } catch (UnknownTopicOrPartitionException _) {
      return 0;
    }
  }

  private static <T> T await(KafkaFuture<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException kafka ? kafka : new KafkaException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException(e);
    }
  }
}
