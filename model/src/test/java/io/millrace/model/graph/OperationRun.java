package io.millrace.model.graph;

import io.millrace.model.kernel.Kernels;
import io.millrace.model.kernel.Workers;
import java.util.ArrayList;
import java.util.List;

/**
 * The forward and backward pass of a case by the graph, in float32.
 *
 * @param output in the order of the API
 * @param gradients of each argument, in the order of the API
 */
record OperationRun(float[] output, List<float[]> gradients) {
  static OperationRun of(
      OperationCase operationCase, OperationCase.Fill fill, Kernels kernels, int threads) {
    int batch = operationCase.batch();
    float[][] values = operationCase.values(fill);
    List<Node> nodes = new ArrayList<>();
    for (OperationCase.Argument argument : operationCase.arguments()) {
      nodes.add(
          argument.parameter()
              ? new Parameter(argument.name(), argument.shape())
              : new Input(argument.name(), argument.shape(), true));
    }
    Operation operation = operationCase.builder().build(nodes);
    try (Workers workers = new Workers(threads)) {
      // Room for one sample more than is used, because minibatches may be shorter than their room.
      Pass pass = new Pass(kernels, workers, batch + 1, true, OperationCase.SEED);
      Graph graph = new Graph(operation, pass);
      pass.begin(batch, OperationCase.STEP);
      for (int a = 0; a < values.length; a++) {
        load(nodes.get(a), values[a]);
      }
      if (operation instanceof Loss loss) {
        for (int n = 0; n < batch; n++) {
          loss.labels()[n] = References.label(n, loss.classes());
        }
      }
      graph.prepare();
      graph.forward();
      graph.backward(outputGradient(operation, batch, fill));
      List<float[]> gradients = new ArrayList<>();
      nodes.forEach(node -> gradients.add(toApi(node, node.gradient(), batch)));
      return new OperationRun(toApi(operation, operation.value(), batch), gradients);
    }
  }

  private static void load(Node node, float[] values) {
    if (node instanceof Input input) {
      input.source(values);
    } else {
      System.arraycopy(values, 0, node.value(), 0, values.length);
    }
  }

  private static float[] outputGradient(Operation operation, int batch, OperationCase.Fill fill) {
    int length = batch * operation.elements();
    float[] api = OperationCase.outputGradient(length, fill);
    float[] channelsLast = api.clone();
    if (operation.shape().rank() == 3) {
      ChannelsLast.fromNchw(operation.shape(), api, 0, channelsLast, 0, batch);
    }
    return channelsLast;
  }

  private static float[] toApi(Node node, float[] array, int batch) {
    int length = node.samples(batch) * node.elements();
    float[] api = new float[length];
    System.arraycopy(array, 0, api, 0, length);
    if (!(node instanceof Parameter) && node.shape().rank() == 3) {
      ChannelsLast.toNchw(node.shape(), array, api, 0, batch);
    }
    return api;
  }
}
