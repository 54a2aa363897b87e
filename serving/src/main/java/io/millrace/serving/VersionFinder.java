package io.millrace.serving;

import io.millrace.schemas.SnapshotKey;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Finds one version of a model without reading the topic's history: a learner's versions stand in
 * their order, so the place is found by halving, at the cost of a record or two each time.
 */
final class VersionFinder {
  /** So few records are read through rather than halved. */
  private static final long NEAR = 4;

  private final SnapshotTopic topic;
  private final long wanted;
  private Optional<Snapshot> found = Optional.empty();

  private VersionFinder(SnapshotTopic topic, long wanted) {
    this.topic = topic;
    this.wanted = wanted;
  }

  /** The version, checked; empty if the topic does not have all of it, or it is not right. */
  static Optional<Snapshot> find(SnapshotTopic topic, long version) {
    return new VersionFinder(topic, version).find();
  }

  private Optional<Snapshot> find() {
    long end = topic.probing().end();
    long from = before(topic.probing().begin(), end);
    SnapshotAssembler assembler = topic.newAssembler();
    var _ =
        topic
            .probing()
            .first(
                from,
                end,
                record -> {
                  long version = live(record).map(SnapshotKey::version).orElse(0L);
                  if (version == wanted) {
                    found = topic.accept(assembler, record);
                  }
                  return version > wanted || found.isPresent();
                });
    return found;
  }

  /** An offset at or shortly before the version's first record. */
  private long before(long begin, long end) {
    long low = begin;
    long high = end;
    while (high - low > NEAR && !topic.probing().closed()) {
      long middle = low + (high - low) / 2;
      var next = topic.probing().first(middle, high, record -> live(record).isPresent());
      if (next.isEmpty() || live(next.get()).orElseThrow().version() >= wanted) {
        high = middle;
      } else {
        low = next.get().offset() + 1;
      }
    }
    return low;
  }

  /** The key of a record that is no tombstone; these come as their versions retire. */
  private Optional<SnapshotKey> live(ConsumerRecord<byte[], byte[]> record) {
    return record.value() == null ? Optional.empty() : topic.key(record);
  }
}
