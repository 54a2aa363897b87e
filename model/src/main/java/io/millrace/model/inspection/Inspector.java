package io.millrace.model.inspection;

import io.millrace.model.graph.Graph;
import io.millrace.model.graph.Node;
import io.millrace.model.graph.Operation;
import io.millrace.model.graph.Parameter;
import io.millrace.model.graph.Pass;
import io.millrace.model.inspection.Inspection.Filters;
import io.millrace.model.kernel.Kernels;
import io.millrace.model.kernel.Workers;
import io.millrace.model.network.Network;
import io.millrace.model.network.NetworkBuilder;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.spec.NodeSpec;
import io.millrace.model.spec.OperationSpec;
import io.millrace.model.tensor.Shape;
import io.millrace.model.tensor.Tensor;
import io.millrace.model.training.Learner;
import io.millrace.model.training.StateTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Looks at single steps of a learner: {@link #before} the step and {@link #after} it. It changes
 * nothing of the learner, and what it says is a function of the learner's state and minibatch. One
 * thread at a time uses it.
 */
public final class Inspector {
  /** Images that activations are taken of: enough for a histogram, few enough to cost little. */
  private static final int IMAGES = 8;

  /** Weights of filters that are handed out at the most. */
  private static final int FILTER_ELEMENTS = 1 << 14;

  private final NetworkSpec spec;
  private final Learner learner;
  private final Pass pass;
  private final Network network;
  private final Graph graph;
  private final List<float[]> before = new ArrayList<>();

  public Inspector(NetworkSpec spec, Learner learner, Kernels kernels) {
    this.spec = spec;
    this.learner = learner;
    // One thread, so that there is none to end.
    pass = new Pass(kernels, new Workers(1), IMAGES, false, 0);
    network = NetworkBuilder.build(spec, false);
    graph = Graph.keepingValues(network.scores(), pass);
    for (Parameter parameter : learner.parameters()) {
      before.add(new float[parameter.elements()]);
    }
  }

  /** Notes the weights. */
  public void before() {
    for (int i = 0; i < before.size(); i++) {
      float[] weights = learner.parameters().get(i).value();
      System.arraycopy(weights, 0, before.get(i), 0, weights.length);
    }
  }

  /**
   * What the step did, while the learner still holds its minibatch.
   *
   * @param batchSize images of the step, at least 1
   */
  public Inspection after(int batchSize) {
    List<ParameterStatistics> parameters = new ArrayList<>();
    for (int i = 0; i < before.size(); i++) {
      parameters.add(statistics(learner.parameters().get(i), before.get(i)));
    }
    return new Inspection(parameters, activations(Math.min(IMAGES, batchSize)), filters());
  }

  private static ParameterStatistics statistics(Parameter parameter, float[] before) {
    float[] weights = parameter.value();
    float[] gradient = parameter.needsGradient() ? parameter.gradient() : new float[before.length];
    double moved = 0;
    for (int i = 0; i < before.length; i++) {
      double update = (double) weights[i] - before[i];
      moved += update * update;
    }
    return new ParameterStatistics(
        parameter.name(),
        norm(weights, before.length),
        norm(gradient, before.length),
        Math.sqrt(moved),
        Histogram.of(weights, before.length),
        Histogram.of(gradient, before.length));
  }

  private static double norm(float[] values, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += (double) values[i] * values[i];
    }
    return Math.sqrt(sum);
  }

  private List<ActivationStatistics> activations(int images) {
    for (StateTensor tensor : learner.state().tensors()) {
      if (tensor.kind() != StateTensor.Kind.VELOCITY) {
        float[] values = tensor.tensor().data();
        System.arraycopy(values, 0, network.tensor(tensor.name()).data(), 0, values.length);
      }
    }
    graph.prepare();
    pass.begin(images, 0);
    network.input().source(learner.images());
    graph.forward();
    List<ActivationStatistics> activations = new ArrayList<>();
    for (Node node : graph.nodes()) {
      if (node instanceof Operation layer && layer.value().length > 0) {
        activations.add(
            ActivationStatistics.of(
                layer.name(), layer.shape(), layer.value(), images * layer.elements()));
      }
    }
    return activations;
  }

  /** Of the first convolution, unless not even one of its filters is small enough to be shown. */
  private Optional<Filters> filters() {
    for (NodeSpec node : spec.nodes()) {
      if (node.operation() instanceof OperationSpec.Conv2d) {
        String name = node.name() + ".weight";
        Tensor all = network.tensor(name);
        int perFilter = all.data().length / all.shape().extent(0);
        int filters = Math.min(FILTER_ELEMENTS / perFilter, all.shape().extent(0));
        if (filters == 0) {
          return Optional.empty();
        }
        int[] shape = all.shape().toArray();
        shape[0] = filters;
        float[] values = Arrays.copyOf(all.data(), filters * perFilter);
        return Optional.of(new Filters(name, new Tensor(Shape.of(shape), values)));
      }
    }
    return Optional.empty();
  }
}
