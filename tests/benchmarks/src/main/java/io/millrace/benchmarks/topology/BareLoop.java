package io.millrace.benchmarks.topology;

import io.millrace.app.data.SourceImage;
import io.millrace.benchmarks.measure.Window;
import io.millrace.benchmarks.measure.WindowClock;
import io.millrace.model.tensor.PixelNormalization;
import io.millrace.model.training.Learner;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.learn.Learners;
import java.util.List;

/** Normalizes images in memory and trains on them: all that a learner must do without Kafka. */
final class BareLoop implements Subject, AutoCloseable {
  private static final int WARM_UP_WINDOW_MS = 500;
  private static final int MOST_WARM_UP_WINDOWS = 40;
  private static final int LEVEL_WINDOWS = 4;
  private static final double GROWTH = 1.02;

  private final Learner learner;
  private final PixelNormalization normalization;
  private final List<SourceImage> images;
  private final List<ProcessHandle> helpers;
  private final int threads;
  private final int batch;
  private final int elements;
  private int next;

  BareLoop(LearnerConfig config, List<SourceImage> images, List<ProcessHandle> helpers) {
    learner = Learners.create(config);
    normalization = config.images().normalization();
    this.images = images;
    this.helpers = helpers;
    threads = config.threads();
    batch = config.minibatch().size();
    elements = config.network().input().elements();
  }

  @Override
  public String name() {
    return "loop";
  }

  @Override
  public int threads() {
    return threads;
  }

  @Override
  public Window window(int windowMs) {
    WindowClock clock = WindowClock.start(helpers);
    int steps = 0;
    do {
      step();
      steps++;
    } while (clock.seconds() * 1000 < windowMs);
    return clock.stop(steps);
  }

  /**
   * Runs until the code is compiled: until the speed has not grown for some windows.
   *
   * @return images per second
   */
  double warmUp() {
    double best = 0;
    int level = 0;
    for (int w = 0; w < MOST_WARM_UP_WINDOWS && level < LEVEL_WINDOWS; w++) {
      double rate = window(WARM_UP_WINDOW_MS).rate();
      level = rate > GROWTH * best ? 0 : level + 1;
      best = Math.max(best, rate);
    }
    return best * batch;
  }

  private void step() {
    for (int i = 0; i < batch; i++) {
      SourceImage image = images.get(next);
      normalization.apply(image.data(), learner.images(), i * elements);
      learner.labels()[i] = image.label();
      next = (next + 1) % images.size();
    }
    var _ = learner.step(batch);
  }

  @Override
  public void close() {
    learner.close();
  }
}
