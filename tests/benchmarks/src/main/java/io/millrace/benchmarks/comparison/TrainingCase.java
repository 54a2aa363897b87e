package io.millrace.benchmarks.comparison;

import io.millrace.benchmarks.engines.Engines;
import io.millrace.benchmarks.engines.MillraceTrainer;
import io.millrace.benchmarks.engines.RealImages;
import io.millrace.benchmarks.engines.Trainer;
import io.millrace.benchmarks.engines.TrainingSetup;
import io.millrace.benchmarks.measure.Interleaved;
import io.millrace.benchmarks.measure.Series;
import io.millrace.benchmarks.measure.Task;
import io.millrace.benchmarks.report.CaseResult;
import io.millrace.benchmarks.report.EngineResult;
import io.millrace.model.spec.NetworkFlops;
import io.millrace.model.spec.NetworkSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Measures the training step of one network, batch and number of threads on all engines. */
final class TrainingCase {
  /** Enough that no engine learns them by heart in the time that it is given. */
  private static final int IMAGES = 4096;

  private static final long SEED = 1;
  private static final float RATE = 0.01f;

  /** At a higher rate rounding decides what a ReLU passes on, and learning magnifies it. */
  private static final float CHECKED_RATE = 1e-4f;

  private static final float MOMENTUM = 0.9f;
  private static final float WEIGHT_DECAY = 5e-4f;
  private static final int CHECKED_STEPS = 5;
  private static final int LAST_STEPS = 2;
  private static final double LIMIT = 1e-3;

  /** Backward computes two products, by the input and by the weights, where forward does one. */
  private static final int FORWARDS_PER_STEP = 3;

  private final Plan plan;
  private final NetworkSpec network;
  private final TrainingSetup setup;
  private final List<Entrant> entrants = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();

  /**
   * An engine that gave the right losses at first.
   *
   * @param check what was found about them
   */
  private record Entrant(Trainer trainer, double firstLoss, String check) {}

  TrainingCase(Plan plan, NetworkSpec network, RealImages images, int batch) {
    this.plan = plan;
    this.network = network;
    setup =
        new TrainingSetup(
            network,
            RATE,
            MOMENTUM,
            WEIGHT_DECAY,
            SEED,
            images.batches(Math.max(1, IMAGES / batch), batch),
            plan.threads());
  }

  CaseResult run() {
    try {
      enter(new MillraceTrainer(setup), "the reference");
      plan.peers().forEach(this::enter);
      List<Task> tasks = new ArrayList<>();
      for (Entrant entrant : entrants) {
        Trainer trainer = entrant.trainer();
        tasks.add(new Task(trainer.engine(), plan.threads(), number -> trainer.step(number + 1)));
      }
      return result(Interleaved.measure(tasks, plan.effort()));
    } finally {
      entrants.forEach(entrant -> entrant.trainer().close());
    }
  }

  /** Lets a peer take part if its first losses are Millrace's. */
  private void enter(String peer) {
    try {
      double difference = difference(peer);
      String check =
          String.format(
              Locale.ROOT,
              "first %d losses differ by at most %.0e from Millrace's, same weights and images",
              CHECKED_STEPS,
              difference);
      if (difference < LIMIT) {
        enter(Engines.trainer(peer, setup), check);
      } else {
        failures.add(peer + ": no figure, as it computes something else: " + check);
      }
    } catch (RuntimeException | LinkageError e) {
      failures.add(peer + ": does not run here: " + e);
    }
  }

  private void enter(Trainer trainer, String check) {
    entrants.add(new Entrant(trainer, lossOfStep(trainer, 0), check));
  }

  /** The largest relative difference of the losses, infinite if one is not a number. */
  private double difference(String peer) {
    TrainingSetup checked = setup.with(CHECKED_RATE, setup.batches().subList(0, CHECKED_STEPS));
    double largest = 0;
    try (Trainer trainer = Engines.trainer(peer, checked);
        Trainer twin = new MillraceTrainer(checked, trainer.optimizer())) {
      for (int step = 0; step < CHECKED_STEPS; step++) {
        double expected = lossOfStep(twin, step);
        double difference = Math.abs(lossOfStep(trainer, step) - expected) / Math.abs(expected);
        largest =
            Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(largest, difference);
      }
    }
    return largest;
  }

  private static double lossOfStep(Trainer trainer, int number) {
    trainer.step(number);
    return trainer.loss();
  }

  /** The mean of some more steps. */
  private static double lastLoss(Trainer trainer) {
    double sum = 0;
    for (int step = 0; step < LAST_STEPS; step++) {
      sum += lossOfStep(trainer, step);
    }
    return sum / LAST_STEPS;
  }

  private CaseResult result(List<Series> series) {
    List<EngineResult> results = new ArrayList<>();
    for (int i = 0; i < entrants.size(); i++) {
      Entrant entrant = entrants.get(i);
      double last = lastLoss(entrant.trainer());
      String fall =
          String.format(Locale.ROOT, "; loss from %.3f to %.3f", entrant.firstLoss(), last);
      if (last < entrant.firstLoss()) {
        results.add(EngineResult.of(series, i, setup.batchSize(), entrant.check() + fall));
      } else {
        failures.add(entrant.trainer().engine() + ": no figure, as it does not learn" + fall);
      }
    }
    return new CaseResult(
        network.name(),
        setup.batchSize(),
        plan.threads(),
        FORWARDS_PER_STEP * NetworkFlops.forward(network),
        results,
        failures);
  }
}
