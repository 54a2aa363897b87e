package io.millrace.model.training;

import io.millrace.model.graph.Graph;
import io.millrace.model.graph.Loss;
import io.millrace.model.graph.Parameter;
import io.millrace.model.graph.Pass;
import io.millrace.model.kernel.Kernels;
import io.millrace.model.kernel.Workers;
import io.millrace.model.network.Initializer;
import io.millrace.model.network.Network;
import io.millrace.model.network.NetworkBuilder;
import io.millrace.model.optimizer.OptimizerSpec;
import io.millrace.model.optimizer.Schedule;
import io.millrace.model.spec.InitializationSpec;
import io.millrace.model.spec.NetworkParameters;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.spec.ParameterSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * A network in training. The caller fills {@link #images()} and {@link #labels()} and calls {@link
 * #step(int)}: forward, loss, backward, clip, update. A step allocates nothing (a schedule's power
 * may take a few bytes in the JDK), and its result is a function of configuration, state and
 * minibatch alone, whatever the threads and the kernels.
 *
 * <p>One thread at a time uses a learner.
 */
public final class Learner implements AutoCloseable {
  private final Workers workers;
  private final Pass pass;
  private final Network network;
  private final Loss loss;
  private final Graph graph;
  private final Schedule schedule;
  private final SgdOptimizer optimizer;
  private final TrainingState state;
  private final StepResult result;
  private final float[] images;
  private OptionalDouble fixedRate = OptionalDouble.empty();

  private Learner(
      NetworkSpec spec,
      OptimizerSpec optimizerSpec,
      Schedule schedule,
      long seed,
      Set<String> frozen,
      int maxBatch,
      Workers workers,
      Kernels kernels) {
    this.workers = workers;
    this.schedule = schedule;
    pass = new Pass(kernels, workers, maxBatch, true, seed);
    network = NetworkBuilder.buildForTraining(spec, frozen);
    loss = NetworkBuilder.loss(spec.loss(), network.scores());
    graph = new Graph(loss, pass);
    Set<String> weights = weights(spec);
    optimizer =
        new SgdOptimizer(
            optimizerSpec,
            kernels,
            workers,
            network.parameters(),
            parameter -> !weights.contains(parameter.name()));
    state = new TrainingState(stateTensors(network, optimizer));
    result = new StepResult(loss.value(), loss.predicted(), loss.probability());
    images = new float[maxBatch * spec.input().elements()];
    network.input().source(images);
  }

  /**
   * A learner at step 0 with freshly drawn weights.
   *
   * @param seed of the first weights and of dropout
   * @param maxBatch the largest minibatch, at least 1
   * @param threads that compute, the caller's included; at least 1
   */
  public static Learner create(
      NetworkSpec spec,
      OptimizerSpec optimizer,
      Schedule schedule,
      long seed,
      InitializationSpec initialization,
      int maxBatch,
      int threads,
      Kernels kernels) {
    return create(
        spec,
        optimizer,
        schedule,
        seed,
        initialization,
        FrozenLayers.none(),
        maxBatch,
        threads,
        kernels);
  }

  /**
   * A learner some of whose layers stay as they are: no step moves their parameters, velocities and
   * running statistics, and no gradient of theirs counts.
   *
   * @see #create(NetworkSpec, OptimizerSpec, Schedule, long, InitializationSpec, int, int, Kernels)
   * @throws IllegalArgumentException if a frozen layer is none of the network's, or all are frozen
   */
  public static Learner create(
      NetworkSpec spec,
      OptimizerSpec optimizer,
      Schedule schedule,
      long seed,
      InitializationSpec initialization,
      FrozenLayers frozen,
      int maxBatch,
      int threads,
      Kernels kernels) {
    Set<String> parameters = frozen.parameters(spec);
    Workers workers = new Workers(threads);
    try {
      Learner learner =
          new Learner(spec, optimizer, schedule, seed, parameters, maxBatch, workers, kernels);
      Initializer.initialize(spec, learner.network, initialization, seed);
      return learner;
    } catch (RuntimeException e) {
      workers.close();
      throw e;
    }
  }

  /** [maxBatch][c][h][w]: the caller fills the first images before {@link #step(int)}. */
  public float[] images() {
    return images;
  }

  /** [maxBatch]: the class of each image, from 0 on. */
  public int[] labels() {
    return loss.labels();
  }

  /**
   * Learns from the first {@code batchSize} images.
   *
   * @param batchSize 1 to maxBatch
   * @return the learner's one result object, valid until the next step
   * @throws IllegalArgumentException if the size or a label is out of range; nothing has changed
   *     then
   */
  public StepResult step(int batchSize) {
    return step(batchSize, StepGuard.NONE);
  }

  /**
   * Learns from the first {@code batchSize} images if the guard accepts what they give; refused,
   * the step leaves no trace in the state, and the next one has its number.
   *
   * @see #step(int)
   */
  public StepResult step(int batchSize, StepGuard guard) {
    pass.begin(batchSize, state.step());
    requireLabels(batchSize);
    double rate = rate();

    graph.prepare();
    graph.forwardAndBackward(1f / batchSize);
    float meanLoss = mean(loss.value(), batchSize);
    double gradientNorm = optimizer.gradientNorm();
    boolean accepted = guard.accepts(meanLoss, gradientNorm);
    if (accepted) {
      graph.accept();
      optimizer.update(rate, gradientNorm, state.step() == 0);
      state.step(state.step() + 1);
    }
    result.set(batchSize, meanLoss, gradientNorm, rate, accepted);
    return result;
  }

  /** Takes this rate instead of the schedule's from now on; empty for the schedule's again. */
  public void fixRate(OptionalDouble rate) {
    fixedRate = rate;
  }

  /** The learning rate of the next step. */
  public double rate() {
    return fixedRate.isPresent() ? fixedRate.getAsDouble() : schedule.rate(state.step());
  }

  /** Steps made so far. */
  public long step() {
    return state.step();
  }

  /** The live state: reading it gives the weights of now, writing it restores. */
  public TrainingState state() {
    return state;
  }

  /** The parameters, live, each with the gradient of the last step; weight before bias. */
  public List<Parameter> parameters() {
    return network.parameters();
  }

  /** What a step works in; all of it is there from the start. */
  public Memory memory() {
    long parameters = 0;
    for (Parameter parameter : network.parameters()) {
      parameters += parameter.elements();
    }
    long velocities = optimizer.velocities().isEmpty() ? 0 : parameters;
    return new Memory(
        Float.BYTES * graph.elementsReserved(),
        Float.BYTES * graph.elementsUsed(),
        Float.BYTES * pass.workspaceElements(),
        Float.BYTES * (parameters + velocities));
  }

  /** Ends the threads. */
  @Override
  public void close() {
    workers.close();
  }

  private void requireLabels(int batchSize) {
    for (int i = 0; i < batchSize; i++) {
      int label = loss.labels()[i];
      if (label < 0 || label >= loss.classes()) {
        throw new IllegalArgumentException(
            "labels["
                + i
                + "]: expected a class from 0 to "
                + (loss.classes() - 1)
                + ", got "
                + label);
      }
    }
  }

  private static float mean(float[] losses, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += losses[i];
    }
    return (float) (sum / count);
  }

  private static Set<String> weights(NetworkSpec spec) {
    Set<String> names = new HashSet<>();
    for (ParameterSpec parameter : NetworkParameters.list(spec)) {
      if (parameter.role() == ParameterSpec.Role.WEIGHT) {
        names.add(parameter.name());
      }
    }
    return names;
  }

  private static List<StateTensor> stateTensors(Network network, SgdOptimizer optimizer) {
    List<StateTensor> tensors = new ArrayList<>();
    for (Parameter parameter : network.parameters()) {
      tensors.add(
          new StateTensor(parameter.name(), StateTensor.Kind.PARAMETER, parameter.tensor()));
    }
    network
        .buffers()
        .forEach(
            (name, tensor) -> tensors.add(new StateTensor(name, StateTensor.Kind.BUFFER, tensor)));
    for (int i = 0; i < optimizer.velocities().size(); i++) {
      String name = network.parameters().get(i).name() + ".velocity";
      tensors.add(new StateTensor(name, StateTensor.Kind.VELOCITY, optimizer.velocities().get(i)));
    }
    return tensors;
  }
}
