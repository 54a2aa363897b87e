package io.millrace.benchmarks.engines;

import io.millrace.model.optimizer.OptimizerSpec;
import io.millrace.model.training.Learner;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Deeplearning4j's ComputationGraph. It has no heavy ball, so its momentum is Nesterov's, which at
 * a constant rate is PyTorch's Nesterov; biases and batch norm do not decay.
 */
public final class Dl4jTrainer implements Trainer {
  private final ComputationGraph graph;
  private final OptimizerSpec optimizer;
  private final List<INDArray[]> images;
  private final List<INDArray[]> labels;
  private double regularization;

  public Dl4jTrainer(TrainingSetup setup) {
    optimizer = new OptimizerSpec(setup.momentum(), 0, true, setup.weightDecay(), false, 0);
    // Its periodic call of the garbage collector would cost it time.
    Nd4j.getMemoryManager().togglePeriodicGc(false);
    try (Learner start = setup.learner(optimizer)) {
      graph =
          Dl4jNetwork.trainer(
              setup.network(),
              start.state().parametersAndBuffers(),
              setup.rate(),
              setup.momentum(),
              setup.weightDecay());
    }
    regularization = graph.calcRegularizationScore(true);
    images =
        setup.batches().stream()
            .map(batch -> new INDArray[] {Dl4jNetwork.images(setup.network(), batch)})
            .toList();
    labels =
        setup.batches().stream()
            .map(batch -> new INDArray[] {oneHot(batch.labels(), setup.network().classes())})
            .toList();
  }

  private static INDArray oneHot(int[] labels, int classes) {
    float[][] rows = new float[labels.length][classes];
    for (int i = 0; i < labels.length; i++) {
      rows[i][labels[i]] = 1;
    }
    return Nd4j.createFromArray(rows);
  }

  @Override
  public String engine() {
    return "Deeplearning4j";
  }

  @Override
  public OptimizerSpec optimizer() {
    return optimizer;
  }

  @Override
  public void step(int number) {
    int k = number % images.size();
    graph.fit(images.get(k), labels.get(k));
  }

  /**
   * Its score without the weights' squares that it adds: exact if asked after every step, because
   * the squares are of the weights from before the step.
   */
  @Override
  public double loss() {
    double loss = graph.score() - regularization;
    regularization = graph.calcRegularizationScore(true);
    return loss;
  }

  @Override
  public void close() {
    graph.close();
  }
}
