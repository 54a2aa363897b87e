package io.millrace.topology.state;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;

/** The store of the training state: Kafka's view of one {@link TrainingCheckpoint}. */
public class TrainingStateStore extends FlushOnCommitStore {

  public static final String NAME = "training-state";

  private final TrainingCheckpoint checkpoint = new TrainingCheckpoint();

  TrainingStateStore() {
    super(NAME);
  }

  public final TrainingCheckpoint checkpoint() {
    return checkpoint;
  }

  @Override
  void drainChanged(ChangeLogger logger) {
    checkpoint.drainChanged(logger);
  }

  @Override
  final void restore(String key, byte @Nullable [] value) {
    checkpoint.restore(key, value);
  }

  @Override
  final void clear() {
    checkpoint.clear();
  }

  /**
   * Builds a store for each task; its changelog is compacted soon, because weights change often.
   */
  public static StoreBuilder<TrainingStateStore> builder() {
    return builder(TrainingStateStore::new);
  }

  static StoreBuilder<TrainingStateStore> builder(Supplier<TrainingStateStore> stores) {
    return new Builder(stores);
  }

  private static final class Builder implements StoreBuilder<TrainingStateStore> {

    private final Supplier<TrainingStateStore> stores;

    private final Map<String, String> logConfig =
        new HashMap<>(
            Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_COMPACT,
                TopicConfig.SEGMENT_BYTES_CONFIG,
                Integer.toString(32 << 20),
                TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
                "0.2"));

    Builder(Supplier<TrainingStateStore> stores) {
      this.stores = stores;
    }

    @Override
    public TrainingStateStore build() {
      return stores.get();
    }

    @Override
    public StoreBuilder<TrainingStateStore> withCachingEnabled() {
      throw new UnsupportedOperationException(NAME + ": is its own cache");
    }

    @Override
    public StoreBuilder<TrainingStateStore> withCachingDisabled() {
      return this;
    }

    @Override
    public StoreBuilder<TrainingStateStore> withLoggingEnabled(Map<String, String> config) {
      logConfig.putAll(config);
      return this;
    }

    @Override
    public StoreBuilder<TrainingStateStore> withLoggingDisabled() {
      throw new UnsupportedOperationException(NAME + ": without a changelog it would be lost");
    }

    @Override
    public Map<String, String> logConfig() {
      return logConfig;
    }

    @Override
    public boolean loggingEnabled() {
      return true;
    }

    @Override
    public String name() {
      return NAME;
    }
  }
}
