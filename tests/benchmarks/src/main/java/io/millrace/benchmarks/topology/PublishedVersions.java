package io.millrace.benchmarks.topology;

import io.millrace.SnapshotManifest;
import io.millrace.SourceRange;
import io.millrace.schemas.SnapshotRecords;
import io.millrace.topology.config.LearnerConfig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What each published version was trained on: all images up to an offset. */
final class PublishedVersions {
  /** By the last offset that it was trained on: the first such version. */
  private final NavigableMap<Long, Long> versions = new TreeMap<>();

  private PublishedVersions() {}

  /** Reads the topic of snapshots from its beginning until a version has learned an offset. */
  static PublishedVersions awaitOffset(
      FreshnessRun.Plan plan, LearnerConfig config, long offset, Duration patience) {
    PublishedVersions published = new PublishedVersions();
    TopicPartition partition = new TopicPartition(config.topics().snapshots(), 0);
    long end = System.nanoTime() + patience.toNanos();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", plan.where().servers(), "isolation.level", "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      while (published.versions.isEmpty() || published.versions.lastKey() < offset) {
        if (System.nanoTime() > end) {
          throw new IllegalStateException(
              "expected a version that learned offset "
                  + offset
                  + " within "
                  + patience.toSeconds()
                  + " s, got "
                  + published.versions.lastEntry());
        }
        consumer.poll(Duration.ofMillis(100)).forEach(record -> published.take(record, config));
      }
    }
    return published;
  }

  private void take(ConsumerRecord<byte[], byte[]> record, LearnerConfig config) {
    String key = new String(record.key(), StandardCharsets.UTF_8);
    if (record.value() == null || !key.endsWith("/manifest")) {
      return;
    }
    SnapshotManifest manifest = SnapshotRecords.open(record.value());
    for (SourceRange source : manifest.getProvenance().getSources()) {
      if (source.getTopic().equals(config.topics().images())) {
        versions.putIfAbsent(source.getLastOffset(), manifest.getVersion());
      }
    }
  }

  /** The first version that was trained on an offset. */
  long firstWith(long offset) {
    return versions.ceilingEntry(offset).getValue();
  }

  long newest() {
    return versions.lastEntry().getValue();
  }

  int count() {
    return versions.size();
  }
}
