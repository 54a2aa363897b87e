package io.millrace.topology.learn;

import io.millrace.BatchTrigger;
import io.millrace.ControlCommand;
import io.millrace.ImagePrediction;
import io.millrace.SourceRange;
import io.millrace.model.tensor.PixelNormalization;
import io.millrace.model.training.Learner;
import io.millrace.model.training.StateTensor;
import io.millrace.model.training.StepResult;
import io.millrace.serving.Snapshot;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.decode.DecodedImage;
import io.millrace.topology.learn.MinibatchGuard.Refusal;
import io.millrace.topology.state.PendingMinibatch;
import io.millrace.topology.state.Progress;
import io.millrace.topology.state.TrainingCheckpoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * A learner at work on one checkpoint: gathers images into minibatches, takes steps, and says what
 * came of it. It knows no clock and no Kafka: what happens is a function of the images and of the
 * calls, and the calls that a clock or an operator brings about are written to the journal, so that
 * a replay can make them at the same places.
 */
public final class TrainingSession implements AutoCloseable {

  private final LearnerConfig config;
  private final Observer observer;
  private final Output output;
  private final TrainingCheckpoint checkpoint;
  private final Learner learner;
  private final Progress progress;
  private final PendingMinibatch pending;
  private final MinibatchGuard guard;
  private final Journal journal;
  private final PixelNormalization normalization;
  private final MetricsRecords metricsRecords;
  private final LayerRecords layerRecords;
  private final Versions versions;
  private final int imageElements;
  private Runnable betweenSteps = () -> {};
  private boolean begun;
  private boolean held;

  /** Goes on from what the checkpoint holds. */
  public TrainingSession(
      LearnerConfig config, TrainingCheckpoint checkpoint, Observer observer, Output output) {
    this.config = config;
    this.observer = observer;
    this.output = output;
    this.checkpoint = checkpoint;
    learner = Learners.create(config);
    checkpoint.attach(config.network().fingerprint(), learner.state());
    WarmStarts.load(config, learner);
    progress = checkpoint.progress();
    learner.fixRate(progress.control().learningRate());
    pending = checkpoint.pending();
    progress.metrics().window(config.metrics().window());
    guard = new MinibatchGuard(config.guards(), progress.refusals());
    journal = new Journal(config.model(), progress, output);
    normalization = config.images().normalization();
    metricsRecords = new MetricsRecords(config, observer);
    layerRecords = new LayerRecords(config, learner);
    versions = new Versions(config, learner.state(), progress, observer, output);
    imageElements = config.network().input().elements();
    observer.started(learner.step(), progress.images());
    observer.restored(progress);
    if (paused() && !config.guards().resume()) {
      observer.paused(
          progress.control().paused()
              ? "a command paused it before the last stop"
              : progress.refusals().inRow()
                  + " minibatches in a row were refused before the last stop");
    }
  }

  /** Steps done. */
  public long step() {
    return learner.step();
  }

  Versions versions() {
    return versions;
  }

  /** Images that wait for their minibatch. */
  public int waiting() {
    return pending.size();
  }

  /** Whether training waits for an operator; images are still taken in. */
  public boolean paused() {
    return progress.refusals().paused() || progress.control().paused();
  }

  /** What the next step will multiply gradients by. */
  public double learningRate() {
    return learner.rate();
  }

  /** Takes no step until it is let go on: what has to come before the next step is not done yet. */
  void hold(boolean hold) {
    held = hold;
  }

  private boolean stopped() {
    return held || paused();
  }

  /** Has {@code action} done after each step, before the next one begins. */
  void betweenSteps(Runnable action) {
    betweenSteps = action;
  }

  public Progress progress() {
    return progress;
  }

  /** Takes an image in, and trains when that makes a minibatch full. */
  public void add(DecodedImage image) {
    pending.add(image);
    trainFull();
  }

  /** Trains on the minibatches that are full; more than one only after a pause or a new size. */
  public void trainFull() {
    begin();
    int size = config.minibatch().size();
    while (!stopped() && pending.size() >= size) {
      train(size, BatchTrigger.COUNT);
      betweenSteps.run();
    }
  }

  /** Trains on what waits, because it has waited long enough. */
  public void trainLingering() {
    trainFull();
    int size = pending.size();
    if (size > 0 && !stopped()) {
      journal.lingered(learner.step(), size);
      train(size, BatchTrigger.LINGER);
      betweenSteps.run();
    }
  }

  /** Publishes what was learned since the last version; whether something was. */
  public boolean publishNow() {
    begin();
    boolean learned = learner.step() > progress.snapshotStep();
    if (learned) {
      journal.published(learner.step(), progress.snapshotVersion() + 1);
      versions.publish(learner.step());
    }
    return learned;
  }

  /** Before the first step, so that the entries are in the transaction of what they explain. */
  void begin() {
    if (begun) {
      return;
    }
    begun = true;
    if (!config.settings().equals(progress.settings())) {
      journal.configured(learner.step(), config.settings());
    }
    if (config.guards().resume()) {
      resume();
    }
  }

  /** Ends a pause, if there is one, as the configuration asks for. */
  public void resume() {
    if (paused()) {
      journal.resumed(learner.step());
      endPause();
    }
  }

  /** Takes no step until the pause is ended; images are still taken in. */
  void pause(ControlCommand command, String reason) {
    journal.commanded(learner.step(), command);
    progress.control().paused(true);
    observer.paused(reason);
  }

  void resume(ControlCommand command) {
    journal.commanded(learner.step(), command);
    endPause();
  }

  private void endPause() {
    if (progress.refusals().paused()) {
      progress.refusals().resume();
    }
    progress.control().paused(false);
    observer.resumed();
  }

  /** Takes a rate in place of the schedule's; empty for the schedule's again. */
  void fixRate(ControlCommand command, OptionalDouble rate) {
    journal.commanded(learner.step(), command);
    progress.control().learningRate(rate);
    learner.fixRate(rate);
  }

  /**
   * Goes on from a version's weights, with velocities of zero, and publishes them. The step and
   * with it the schedule go on: what is rolled back are weights, not the input.
   */
  void rollBack(ControlCommand command, Snapshot snapshot) {
    journal.commanded(learner.step(), command);
    for (StateTensor tensor : learner.state().tensors()) {
      float[] data = tensor.tensor().data();
      if (tensor.kind() == StateTensor.Kind.VELOCITY) {
        Arrays.fill(data, 0);
      } else {
        float[] values = Objects.requireNonNull(snapshot.tensors().get(tensor.name())).data();
        System.arraycopy(values, 0, data, 0, data.length);
      }
    }
    checkpoint.tensorsChanged();
    progress.refusals().forget();
    versions.publish(learner.step(), snapshot.version());
  }

  private void train(int size, BatchTrigger trigger) {
    for (int i = 0; i < size; i++) {
      normalization.apply(pending.get(i).pixels(), learner.images(), i * imageElements);
      learner.labels()[i] = pending.get(i).label();
    }
    boolean inspected = layerRecords.begin();
    observer.stepping();
    StepResult result = learner.step(size, guard);
    observer.computed();
    List<SourceRange> sources = new ArrayList<>(1);
    int correct = 0;
    for (int i = 0; i < size; i++) {
      DecodedImage image = pending.get(i);
      Progress.cover(sources, image);
      correct += result.predicted()[i] == image.label() ? 1 : 0;
    }
    List<ImagePrediction> predictions = metricsRecords.predictions(result, pending);
    Refusal refusal = guard.refusal();
    if (refusal == null) {
      count(result, size);
      if (inspected) {
        output.send(Output.Channel.LAYERS, layerRecords.record(size));
      }
    } else {
      refuse(size, refusal);
    }
    pending.removeFirst(size);
    long everySteps = config.snapshots().everySteps();
    if (refusal == null && everySteps > 0 && learner.step() % everySteps == 0) {
      versions.publish(learner.step());
    }
    output.send(
        Output.Channel.METRICS,
        metricsRecords.record(
            result,
            correct,
            learner.step(),
            trigger,
            refusal == null ? null : refusal.reason(),
            sources,
            predictions,
            progress));
  }

  private void count(StepResult result, int size) {
    for (int i = 0; i < size; i++) {
      DecodedImage image = pending.get(i);
      progress.trained(image, result.sampleLoss()[i], result.predicted()[i] == image.label());
    }
    progress.refusals().accepted(result.meanLoss(), result.gradientNorm());
    observer.stepped(size);
  }

  private void refuse(int size, Refusal refusal) {
    journal.skipped(learner.step(), size, refusal.reason() + ": " + refusal.message());
    for (int i = 0; i < size; i++) {
      output.send(
          Output.Channel.DEAD_LETTERS,
          DeadLetters.image(pending.get(i), config.network().input(), refusal));
    }
    progress.refusals().refused(size, config.guards().pauseAfter());
    observer.skipped(size, refusal.reason(), refusal.message());
    if (paused()) {
      String reason =
          progress.refusals().inRow()
              + " minibatches in a row were refused, the last one because of "
              + refusal.reason()
              + ": "
              + refusal.message();
      journal.paused(learner.step(), reason);
      observer.paused(reason);
    }
  }

  /** Moves the state back into the checkpoint and ends the learner's threads. */
  @Override
  public void close() {
    if (paused()) {
      // Whoever has the task next finds the pause in the state; what stays paused here takes no
      // task.
      observer.resumed();
    }
    observer.stopped(learner.step());
    checkpoint.detach();
    learner.close();
  }
}
