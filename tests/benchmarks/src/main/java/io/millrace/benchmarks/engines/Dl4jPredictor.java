package io.millrace.benchmarks.engines;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Deeplearning4j's ComputationGraph. */
public final class Dl4jPredictor implements Predictor {
  private final ComputationGraph graph;
  private final List<INDArray[]> batches;

  public Dl4jPredictor(InferenceSetup setup) {
    Nd4j.getMemoryManager().togglePeriodicGc(false);
    graph = Dl4jNetwork.predictor(setup.network(), setup.weights());
    batches =
        setup.batches().stream()
            .map(batch -> new INDArray[] {Dl4jNetwork.images(setup.network(), batch)})
            .toList();
  }

  @Override
  public String engine() {
    return "Deeplearning4j";
  }

  @Override
  public float[] predict(int number) {
    INDArray[] images = batches.get(number % batches.size());
    return graph.outputSingle(false, images).data().asFloat();
  }

  @Override
  public void close() {
    graph.close();
  }
}
