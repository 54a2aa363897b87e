package io.millrace.topology.learn;

import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.decode.DecodedCommand;
import io.millrace.topology.decode.DecodedImage;
import io.millrace.topology.decode.Received;
import io.millrace.topology.state.TrainingStateStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.Punctuator;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Hands images, commands and the clock's decisions to a {@link TrainingSession}, and on what it
 * says.
 */
public final class LearnProcessor implements Processor<byte[], Received, byte[], byte[]> {

  private static final Duration CHECK = Duration.ofMillis(500);

  private final LearnerConfig config;
  private final Observer observer;
  private final SnapshotArchive archive;
  private final Map<Output.Channel, String> children;
  private @Nullable Session session;

  /**
   * A processor that forwards to children.
   *
   * @param archive where versions that were published are found
   * @param children names of the nodes that take what this one makes
   */
  public LearnProcessor(
      LearnerConfig config,
      Observer observer,
      SnapshotArchive archive,
      Map<Output.Channel, String> children) {
    this.config = config;
    this.observer = observer;
    this.archive = archive;
    this.children = Map.copyOf(children);
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> context) {
    session = new Session(context);
  }

  @Override
  public void process(Record<byte[], Received> record) {
    Session session = Objects.requireNonNull(this.session);
    switch (record.value()) {
      case DecodedImage image -> session.add(image);
      case DecodedCommand command -> session.take(command);
    }
  }

  @Override
  public void close() {
    if (session != null) {
      session.close();
      session = null;
    }
  }

  /** What lives from init to close: the clock, beside the training. */
  private final class Session {

    private final ProcessorContext<byte[], byte[]> context;
    private final TrainingSession training;
    private final Commands commands;
    private final List<Cancellable> clocks = new ArrayList<>();
    private long oldestWaitingMs;
    private long publishedMs;
    private long newestVersion;

    Session(ProcessorContext<byte[], byte[]> context) {
      this.context = context;
      TrainingStateStore store = context.getStateStore(TrainingStateStore.NAME);
      training = new TrainingSession(config, store.checkpoint(), observer, this::forward);
      commands = new Commands(config, training, archive, observer, this::forward);
      newestVersion = training.progress().snapshotVersion();
      oldestWaitingMs = context.currentSystemTimeMs();
      publishedMs = context.currentSystemTimeMs();
      long lingerMs = config.minibatch().lingerMs();
      if (lingerMs > 0) {
        every(Duration.ofMillis(Math.max(1, lingerMs / 4)), this::trainLingering);
      }
      every(CHECK, this::check);
    }

    private void every(Duration interval, Punctuator action) {
      clocks.add(context.schedule(interval, PunctuationType.WALL_CLOCK_TIME, action));
    }

    /**
     * Kafka Streams keeps a task's punctuations when it closes the task's processors to restore its
     * state after a failed commit. Without this, the old session would go on to publish weights
     * that were never committed.
     */
    void close() {
      clocks.forEach(Cancellable::cancel);
      training.close();
    }

    void add(DecodedImage image) {
      if (training.waiting() == 0) {
        oldestWaitingMs = context.currentSystemTimeMs();
      }
      training.add(image);
    }

    void take(DecodedCommand command) {
      commands.take(command);
      training.trainFull();
      commitIfBlocked();
    }

    /** What a command waits for may be in the transaction under way. */
    private void commitIfBlocked() {
      if (commands.blocked()) {
        context.commit();
      }
    }

    private void trainLingering(long nowMs) {
      // A clock that was set back must not make what waits wait for the difference.
      oldestWaitingMs = Math.min(oldestWaitingMs, nowMs);
      if (nowMs - oldestWaitingMs >= config.minibatch().lingerMs()) {
        training.trainLingering();
      }
    }

    private void check(long nowMs) {
      // What waited through a pause is trained on even if no image comes.
      training.trainFull();
      commands.retry();
      training.trainFull();
      commitIfBlocked();
      publishIfOld(nowMs);
    }

    private void publishIfOld(long nowMs) {
      long version = training.progress().snapshotVersion();
      publishedMs = version == newestVersion ? Math.min(publishedMs, nowMs) : nowMs;
      newestVersion = version;
      long everyMs = config.snapshots().everySeconds() * 1000;
      if (everyMs > 0 && nowMs - publishedMs >= everyMs) {
        training.publishNow();
      }
    }

    /**
     * Stream time rather than event time, so that old images do not make records expire at once;
     * before the first image there is none, and commands stand outside of time.
     */
    private void forward(Output.Channel channel, KeyedBytes entry) {
      long streamTimeMs = context.currentStreamTimeMs();
      long timestamp =
          streamTimeMs > 0 && channel != Output.Channel.ACKNOWLEDGEMENTS
              ? streamTimeMs
              : context.currentSystemTimeMs();
      context.forward(
          new Record<>(entry.key(), entry.value(), timestamp, entry.headers()),
          children.get(channel));
    }
  }
}
