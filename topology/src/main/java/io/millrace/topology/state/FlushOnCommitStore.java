package io.millrace.topology.state;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.state.internals.CacheFlushListener;
import org.apache.kafka.streams.state.internals.CachedStateStore;
import org.jspecify.annotations.Nullable;

/**
 * A state store that lives in memory and writes what changed to its changelog once per commit,
 * inside the commit's transaction.
 *
 * <p>Kafka Streams calls {@link #commit} only after the transaction has ended, so nothing may be
 * logged there. What runs before it is the flush of caches; a store joins that by implementing the
 * internal {@link CachedStateStore}. This is the only class that touches Streams' internals; {@code
 * TrainingStateStoreTest} fails when a new version of Kafka no longer flushes this way.
 */
abstract class FlushOnCommitStore implements StateStore, CachedStateStore<byte[], byte[]> {

  /** Takes one changed entry; a null value is a tombstone. */
  interface ChangeLogger {
    void log(String key, byte @Nullable [] value);
  }

  private final String name;
  private @Nullable InternalProcessorContext<?, ?> context;
  private boolean open;

  FlushOnCommitStore(String name) {
    this.name = name;
  }

  /** Hands out every entry that changed since the last call. */
  abstract void drainChanged(ChangeLogger logger);

  /** Takes one entry of the changelog; a null value is a tombstone. */
  abstract void restore(String key, byte @Nullable [] value);

  /** Forgets everything; the changelog still has it. */
  abstract void clear();

  @Override
  public String name() {
    return name;
  }

  @Override
  public void init(StateStoreContext stateStoreContext, StateStore root) {
    context = (InternalProcessorContext<?, ?>) stateStoreContext;
    stateStoreContext.register(
        root, (key, value) -> restore(new String(key, StandardCharsets.UTF_8), value));
    open = true;
  }

  @Override
  public void flushCache() {
    var context = Objects.requireNonNull(this.context, "the store is not initialized");
    drainChanged((key, value) ->
        context.logChange(
            name,
            Bytes.wrap(key.getBytes(StandardCharsets.UTF_8)),
            value,
            Math.max(0, context.currentStreamTimeMs()),
            new RecordHeaders(),
            Position.emptyPosition()));
  }

  @Override
  public boolean setFlushListener(
      CacheFlushListener<byte[], byte[]> listener, boolean sendOldValues) {
    return false;
  }

  /** Nothing is cached apart from the state itself. */
  @Override
  public void clearCache() {}

  /** Nothing to do: the changelog was written before the transaction ended. */
  @Override
  public void commit(Map<TopicPartition, Long> changelogOffsets) {}

  @Override
  public void close() {
    open = false;
    clear();
  }

  @Override
  public boolean persistent() {
    return false;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public Position getPosition() {
    return Position.emptyPosition();
  }
}
