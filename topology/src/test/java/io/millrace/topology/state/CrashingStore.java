package io.millrace.topology.state;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * The training state's store on a changelog that a test owns. TopologyTestDriver flushes after each
 * record; this store writes only where the test says that a commit is due, and what it has written
 * stands when a new store is built after a crash.
 */
public final class CrashingStore extends TrainingStateStore {

  /** What outlives a crash. */
  public static final class Changelog {

    private final Map<String, byte[]> entries = new HashMap<>();
    private boolean commit;

    /** Whether the next flush is a commit's. */
    public void commit(boolean due) {
      commit = due;
    }

    /** The last value of each key. */
    public Map<String, byte[]> entries() {
      return entries;
    }

    public StoreBuilder<TrainingStateStore> stores() {
      return builder(() -> new CrashingStore(this));
    }
  }

  private final Changelog changelog;

  private CrashingStore(Changelog changelog) {
    this.changelog = changelog;
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    super.init(context, root);
    changelog.entries.forEach(this::restore);
  }

  @Override
  void drainChanged(ChangeLogger logger) {
    if (changelog.commit) {
      super.drainChanged((key, value) -> {
        changelog.entries.put(key, Objects.requireNonNull(value));
        logger.log(key, value);
      });
    }
  }
}
