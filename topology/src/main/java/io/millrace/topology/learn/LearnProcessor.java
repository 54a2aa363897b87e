package io.millrace.topology.learn;

import io.millrace.BatchTrigger;
import io.millrace.SourceRange;
import io.millrace.model.tensor.PixelNormalization;
import io.millrace.model.training.Learner;
import io.millrace.model.training.StepResult;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.decode.DecodedImage;
import io.millrace.topology.state.PendingMinibatch;
import io.millrace.topology.state.Progress;
import io.millrace.topology.state.TrainingCheckpoint;
import io.millrace.topology.state.TrainingStateStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Gathers images into minibatches, has the learner take a step, and says what came of it. */
public final class LearnProcessor implements Processor<byte[], DecodedImage, byte[], byte[]> {

  private static final Duration SNAPSHOT_CHECK = Duration.ofMillis(500);

  private final LearnerConfig config;
  private final Observer observer;
  private final Outputs outputs;

  /** Names of the nodes that take what this one makes. */
  public record Outputs(String metrics, String snapshots) {}

  private @Nullable Session session;

  public LearnProcessor(LearnerConfig config, Observer observer, Outputs outputs) {
    this.config = config;
    this.observer = observer;
    this.outputs = outputs;
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> context) {
    session = new Session(context);
  }

  @Override
  public void process(Record<byte[], DecodedImage> record) {
    Objects.requireNonNull(session).add(record.value());
  }

  @Override
  public void close() {
    if (session != null) {
      session.close();
      session = null;
    }
  }

  /** What lives from init to close. */
  private final class Session {

    private final ProcessorContext<byte[], byte[]> context;
    private final TrainingCheckpoint checkpoint;
    private final Learner learner;
    private final PixelNormalization normalization = config.images().normalization();
    private final int imageElements = config.network().input().elements();
    private final MetricsRecords metricsRecords = new MetricsRecords(config.model(), observer);
    private final SnapshotPublisher publisher = new SnapshotPublisher(config);
    private long oldestPendingMs;
    private long publishedMs;

    Session(ProcessorContext<byte[], byte[]> context) {
      this.context = context;
      TrainingStateStore store = context.getStateStore(TrainingStateStore.NAME);
      checkpoint = store.checkpoint();
      learner = Learners.create(config);
      checkpoint.attach(config.network().fingerprint(), learner.state());
      checkpoint.progress().metrics().window(config.metrics().window());
      observer.started(learner.step(), checkpoint.progress().images());
      oldestPendingMs = context.currentSystemTimeMs();
      publishedMs = context.currentSystemTimeMs();
      long lingerMs = config.minibatch().lingerMs();
      if (lingerMs > 0) {
        context.schedule(
            Duration.ofMillis(Math.max(1, lingerMs / 4)),
            PunctuationType.WALL_CLOCK_TIME,
            this::flushLingering);
      }
      if (config.snapshots().everySeconds() > 0) {
        context.schedule(SNAPSHOT_CHECK, PunctuationType.WALL_CLOCK_TIME, this::publishIfOld);
      }
    }

    void close() {
      checkpoint.detach();
      learner.close();
    }

    void add(DecodedImage image) {
      PendingMinibatch pending = checkpoint.pending();
      if (pending.size() == 0) {
        oldestPendingMs = context.currentSystemTimeMs();
      }
      pending.add(image);
      // More than one turn only where the configured size has shrunk since the last start.
      while (pending.size() >= config.minibatch().size()) {
        train(config.minibatch().size(), BatchTrigger.COUNT);
      }
    }

    private void flushLingering(long nowMs) {
      int waiting = checkpoint.pending().size();
      if (waiting > 0 && nowMs - oldestPendingMs >= config.minibatch().lingerMs()) {
        train(waiting, BatchTrigger.LINGER);
      }
    }

    private void train(int size, BatchTrigger trigger) {
      PendingMinibatch pending = checkpoint.pending();
      for (int i = 0; i < size; i++) {
        normalization.apply(pending.get(i).pixels(), learner.images(), i * imageElements);
        learner.labels()[i] = pending.get(i).label();
      }
      StepResult result = learner.step(size);
      Progress progress = checkpoint.progress();
      List<SourceRange> sources = new ArrayList<>(1);
      int correct = 0;
      for (int i = 0; i < size; i++) {
        DecodedImage image = pending.get(i);
        boolean hit = result.predicted()[i] == image.label();
        progress.trained(image, result.sampleLoss()[i], hit);
        Progress.cover(sources, image);
        correct += hit ? 1 : 0;
      }
      pending.removeFirst(size);
      observer.stepped(size, context.currentSystemTimeMs());
      long everySteps = config.snapshots().everySteps();
      if (everySteps > 0 && learner.step() % everySteps == 0) {
        publish();
      }
      forward(
          outputs.metrics,
          metricsRecords.record(result, correct, learner.step(), trigger, sources, progress));
    }

    private void publishIfOld(long nowMs) {
      boolean learnedMore = learner.step() > checkpoint.progress().snapshotStep();
      if (learnedMore && nowMs - publishedMs >= config.snapshots().everySeconds() * 1000) {
        publish();
      }
    }

    private void publish() {
      Progress progress = checkpoint.progress();
      long version = progress.snapshotVersion() + 1;
      publisher.publish(
          version, learner.state(), progress, record -> forward(outputs.snapshots, record));
      progress.published(version, learner.step());
      publishedMs = context.currentSystemTimeMs();
      observer.published(version, learner.step());
    }

    /**
     * Stream time rather than event time, so that old images do not make records expire at once.
     */
    private void forward(String child, KeyedBytes entry) {
      long timestamp = Math.max(0, context.currentStreamTimeMs());
      context.forward(new Record<>(entry.key(), entry.value(), timestamp), child);
    }
  }
}
