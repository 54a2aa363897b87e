package io.millrace.topology.labels;

import io.millrace.LabelJoinEntry;
import io.millrace.schemas.AvroCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * What is known of each id until its deadline: a store by id, and one by deadline to find what is
 * over. Every entry is deleted at its deadline, so that disk and changelogs hold what came within a
 * window and its grace, and no more.
 */
final class JoinMemory {

  /** By id, in UTF-8: an encoded {@link LabelJoinEntry}. */
  static final String ENTRIES = "waiting";

  /** By deadline, 8 bytes with the highest first, and id: nothing. */
  static final String DEADLINES = "deadlines";

  private static final byte[] NOTHING = {};

  /** Deadlines are not negative, so that their bytes sort as the numbers do. */
  private static final int DEADLINE_BYTES = Long.BYTES;

  private final AvroCodec<LabelJoinEntry> codec = AvroCodec.of(LabelJoinEntry.class);
  private final KeyValueStore<Bytes, byte[]> entries;
  private final KeyValueStore<Bytes, byte[]> deadlines;

  /** No deadline is earlier: RocksDB would step over all that it deleted to find that out. */
  private long earliestMs;

  JoinMemory(ProcessorContext<?, ?> context) {
    entries = context.getStateStore(ENTRIES);
    deadlines = context.getStateStore(DEADLINES);
  }

  static List<StoreBuilder<KeyValueStore<Bytes, byte[]>>> stores() {
    return List.of(store(ENTRIES), store(DEADLINES));
  }

  private static StoreBuilder<KeyValueStore<Bytes, byte[]>> store(String name) {
    return Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray())
        .withLoggingEnabled(changelog());
  }

  /** An entry holds a whole image, and lives for a window only. */
  static Map<String, String> changelog() {
    return Map.of(
        TopicConfig.CLEANUP_POLICY_CONFIG,
        TopicConfig.CLEANUP_POLICY_COMPACT,
        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
        Integer.toString(17 << 20),
        TopicConfig.SEGMENT_BYTES_CONFIG,
        Integer.toString(64 << 20),
        TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
        "0.2");
  }

  Optional<LabelJoinEntry> find(String id) {
    return Optional.ofNullable(entries.get(bytes(id))).map(codec::decode);
  }

  /** Keeps an entry of an id that has none until its deadline. */
  void keep(String id, LabelJoinEntry entry) {
    entries.put(bytes(id), codec.encode(entry));
    deadlines.put(deadline(entry.getDeadlineMs(), id), NOTHING);
    earliestMs = Math.min(earliestMs, entry.getDeadlineMs());
  }

  void forget(String id, LabelJoinEntry entry) {
    entries.delete(bytes(id));
    deadlines.delete(deadline(entry.getDeadlineMs(), id));
  }

  /**
   * Ids whose deadline is before a time, the earliest first; to be forgotten by the caller.
   *
   * @param most how many at most
   */
  List<String> over(long nowMs, int most) {
    if (earliestMs >= nowMs) {
      return List.of();
    }
    List<String> ids = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> iterator =
        deadlines.range(deadline(earliestMs, ""), deadline(Long.MAX_VALUE, "\uffff"))) {
      earliestMs = Long.MAX_VALUE;
      while (iterator.hasNext()) {
        KeyValue<Bytes, byte[]> next = iterator.next();
        byte[] key = next.key.get();
        earliestMs = ByteBuffer.wrap(key).getLong();
        if (earliestMs >= nowMs || ids.size() == most) {
          break;
        }
        ids.add(
            new String(
                Arrays.copyOfRange(key, DEADLINE_BYTES, key.length), StandardCharsets.UTF_8));
        earliestMs = Long.MAX_VALUE;
      }
    }
    return ids;
  }

  private static Bytes bytes(String id) {
    return Bytes.wrap(id.getBytes(StandardCharsets.UTF_8));
  }

  private static Bytes deadline(long deadlineMs, String id) {
    byte[] name = id.getBytes(StandardCharsets.UTF_8);
    return Bytes.wrap(
        ByteBuffer.allocate(DEADLINE_BYTES + name.length).putLong(deadlineMs).put(name).array());
  }
}
