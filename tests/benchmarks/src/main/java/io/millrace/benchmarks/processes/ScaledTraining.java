package io.millrace.benchmarks.processes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.app.network.NetworkFiles;
import io.millrace.benchmarks.engines.Batch;
import io.millrace.benchmarks.engines.MillraceTrainer;
import io.millrace.benchmarks.engines.RealImages;
import io.millrace.benchmarks.engines.TrainingSetup;
import io.millrace.benchmarks.measure.Interleaved;
import io.millrace.benchmarks.measure.Series;
import io.millrace.benchmarks.measure.Task;
import io.millrace.model.spec.NetworkSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Trains a network with several numbers of threads in turn, in windows of one process: what {@link
 * Scaling} measures.
 */
final class ScaledTraining {
  /** Enough that no learner knows them by heart in the time that it is given. */
  private static final int IMAGES = 4096;

  private static final float RATE = 0.01f;
  private static final float MOMENTUM = 0.9f;
  private static final float WEIGHT_DECAY = 5e-4f;
  private static final long SEED = 1;
  private static final int CHECKED_STEPS = 5;

  private ScaledTraining() {}

  /** Argument: a {@link ScalingPlan} as JSON. Prints a {@link ScalingCase} for each batch. */
  public static void main(String[] arguments) throws JsonProcessingException {
    ObjectMapper json = new ObjectMapper();
    ScalingPlan plan = json.readValue(arguments[0], ScalingPlan.class);
    NetworkSpec network = NetworkFiles.load(plan.network(), Path.of("").toAbsolutePath());
    try (RealImages images = new RealImages(plan.dataset(), network.input(), SEED)) {
      for (int batch : plan.batches()) {
        List<Batch> batches = images.batches(Math.max(CHECKED_STEPS, IMAGES / batch), batch);
        List<Series> series = measure(plan, network, batches);
        ScalingCase result = ScalingCase.of(network.name(), batch, series);
        System.out.println(ChildJvm.RESULT + json.writeValueAsString(result));
      }
    }
  }

  private static List<Series> measure(ScalingPlan plan, NetworkSpec network, List<Batch> batches) {
    List<MillraceTrainer> trainers = new ArrayList<>();
    try {
      List<Task> tasks = new ArrayList<>();
      for (int threads : plan.threads()) {
        MillraceTrainer trainer =
            new MillraceTrainer(
                new TrainingSetup(network, RATE, MOMENTUM, WEIGHT_DECAY, SEED, batches, threads));
        trainers.add(trainer);
        String name = String.format(Locale.ROOT, "%d threads", threads);
        tasks.add(new Task(name, threads, number -> trainer.step(number + CHECKED_STEPS)));
      }
      requireSameLosses(trainers);
      return Interleaved.measure(tasks, plan.effort());
    } finally {
      trainers.forEach(MillraceTrainer::close);
    }
  }

  /** All compute the same, to the bit, or their speeds could not be compared. */
  private static void requireSameLosses(List<MillraceTrainer> trainers) {
    for (int step = 0; step < CHECKED_STEPS; step++) {
      for (MillraceTrainer trainer : trainers) {
        trainer.step(step);
        double expected = trainers.getFirst().loss();
        if (trainer.loss() != expected) {
          throw new IllegalStateException(
              "loss of step " + step + ": expected " + expected + ", got " + trainer.loss());
        }
      }
    }
  }
}
