package io.millrace.benchmarks.comparison;

import io.millrace.benchmarks.engines.Engines;
import io.millrace.benchmarks.engines.InferenceSetup;
import io.millrace.benchmarks.engines.MillracePredictor;
import io.millrace.benchmarks.engines.Predictor;
import io.millrace.benchmarks.engines.RealImages;
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

/** Measures prediction by one network, with one batch and number of threads, on all engines. */
final class InferenceCase {
  private static final int IMAGES = 512;
  private static final int TRAINING_STEPS = 20;
  private static final int TRAINING_BATCH = 32;
  private static final long SEED = 1;
  private static final int CHECKED_BATCHES = 4;
  private static final double LIMIT = 1e-4;

  private final Plan plan;
  private final InferenceSetup setup;
  private final List<Predictor> predictors = new ArrayList<>();
  private final List<String> checks = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();

  InferenceCase(Plan plan, NetworkSpec network, RealImages images, int batch) {
    this.plan = plan;
    setup =
        new InferenceSetup(
            network,
            InferenceSetup.trained(network, images.batches(TRAINING_STEPS, TRAINING_BATCH), SEED),
            images.batches(Math.max(1, IMAGES / batch), batch),
            plan.threads());
  }

  CaseResult run() {
    try {
      predictors.add(new MillracePredictor(setup));
      checks.add("the reference");
      plan.peers().forEach(this::enter);
      List<Task> tasks = new ArrayList<>();
      predictors.forEach(
          predictor -> tasks.add(new Task(predictor.engine(), plan.threads(), predictor::predict)));
      List<Series> series = Interleaved.measure(tasks, plan.effort());
      List<EngineResult> results = new ArrayList<>();
      for (int i = 0; i < predictors.size(); i++) {
        results.add(EngineResult.of(series, i, setup.batchSize(), checks.get(i)));
      }
      return new CaseResult(
          setup.network().name(),
          setup.batchSize(),
          plan.threads(),
          NetworkFlops.forward(setup.network()),
          results,
          failures);
    } finally {
      predictors.forEach(Predictor::close);
    }
  }

  /** Lets a peer take part if its scores are Millrace's. */
  private void enter(String peer) {
    try {
      check(Engines.predictor(peer, setup));
    } catch (RuntimeException | LinkageError e) {
      failures.add(peer + ": does not run here: " + e);
    }
  }

  private void check(Predictor predictor) {
    double largest = 0;
    for (int number = 0; number < CHECKED_BATCHES; number++) {
      float[] expected = predictors.getFirst().predict(number);
      largest = Math.max(largest, difference(predictor.predict(number), expected));
    }
    String check =
        String.format(Locale.ROOT, "scores differ by at most %.0e of the largest", largest);
    if (largest < LIMIT) {
      predictors.add(predictor);
      checks.add(check);
    } else {
      predictor.close();
      failures.add(predictor.engine() + ": no figure, as it computes something else: " + check);
    }
  }

  /** The largest difference over the largest size, infinite if anything is not a number. */
  private static double difference(float[] scores, float[] expected) {
    double difference = scores.length == expected.length ? 0 : Double.POSITIVE_INFINITY;
    double size = 0;
    for (int i = 0; i < Math.min(scores.length, expected.length); i++) {
      double d = Math.abs((double) scores[i] - expected[i]);
      difference = Double.isNaN(d) ? Double.POSITIVE_INFINITY : Math.max(difference, d);
      size = Math.max(size, Math.abs(expected[i]));
    }
    return difference / size;
  }
}
