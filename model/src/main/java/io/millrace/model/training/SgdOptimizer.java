package io.millrace.model.training;

import io.millrace.model.graph.Parameter;
import io.millrace.model.kernel.Kernels;
import io.millrace.model.kernel.SgdCoefficients;
import io.millrace.model.kernel.Workers;
import io.millrace.model.optimizer.OptimizerSpec;
import io.millrace.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Moves parameters as {@link OptimizerSpec} says, those that are frozen not at all. It owns the
 * velocities and keeps nothing else from step to step; frozen parameters have theirs, too, so that
 * the state has one form whatever is frozen.
 */
final class SgdOptimizer {
  /** Keeps a clipped gradient finite where the norm is 0; PyTorch's {@code clip_grad_norm_}. */
  private static final double CLIP_EPSILON = 1e-6;

  private static final float[] NO_VELOCITY = {};

  private final OptimizerSpec spec;
  private final Kernels kernels;
  private final Workers workers;
  private final Parameter[] parameters;
  private final List<Tensor> velocityTensors = new ArrayList<>();
  private final float[][] velocities;
  private final SgdCoefficients[] coefficientsOf;
  private final SgdCoefficients decaying = new SgdCoefficients();
  private final SgdCoefficients exempt = new SgdCoefficients();

  /** Sums of squares, [parameter][shard]. */
  private final double[] squares;

  private final Workers.ShardTask sumSquares = this::sumSquares;
  private final Workers.ShardTask updateShard = this::updateShard;

  /**
   * @param biasOrNorm which parameters are biases or batch norm's
   */
  SgdOptimizer(
      OptimizerSpec spec,
      Kernels kernels,
      Workers workers,
      List<Parameter> parameters,
      Predicate<Parameter> biasOrNorm) {
    this.spec = spec;
    this.kernels = kernels;
    this.workers = workers;
    this.parameters = parameters.toArray(Parameter[]::new);
    velocities = new float[this.parameters.length][];
    coefficientsOf = new SgdCoefficients[this.parameters.length];
    squares = new double[this.parameters.length * Workers.SHARDS];
    for (int i = 0; i < this.parameters.length; i++) {
      Parameter parameter = this.parameters[i];
      coefficientsOf[i] =
          spec.decayBiasesAndNorms() || !biasOrNorm.test(parameter) ? decaying : exempt;
      velocities[i] = NO_VELOCITY;
      if (spec.momentum() > 0) {
        Tensor velocity = Tensor.zeros(parameter.shape());
        velocities[i] = velocity.data();
        velocityTensors.add(velocity);
      }
    }
  }

  /** In the order of the parameters; none without momentum. */
  List<Tensor> velocities() {
    return velocityTensors;
  }

  /**
   * The Euclidean norm of all gradients together, frozen parameters having none, as sums of squares
   * in double, added parameter by parameter and shard by shard.
   */
  double gradientNorm() {
    workers.run(sumSquares);
    double sum = 0;
    for (double part : squares) {
      sum += part;
    }
    return Math.sqrt(sum);
  }

  /**
   * Moves every parameter.
   *
   * @param first whether it is the first step ever, where velocities start as the gradient
   */
  void update(double rate, double gradientNorm, boolean first) {
    float scale = 1;
    if (spec.clipGradientNorm() > 0) {
      scale = (float) Math.min(1, spec.clipGradientNorm() / (gradientNorm + CLIP_EPSILON));
    }
    set(decaying, (float) rate, scale, spec.weightDecay(), first);
    set(exempt, (float) rate, scale, 0, first);
    workers.run(updateShard);
  }

  private void set(
      SgdCoefficients coefficients, float rate, float scale, float weightDecay, boolean first) {
    coefficients.rate = rate;
    coefficients.momentum = spec.momentum();
    coefficients.dampening = spec.dampening();
    coefficients.nesterov = spec.nesterov();
    coefficients.weightDecay = weightDecay;
    coefficients.gradientScale = scale;
    coefficients.first = first;
  }

  private void sumSquares(int shard) {
    for (int i = 0; i < parameters.length; i++) {
      if (!parameters[i].needsGradient()) {
        continue;
      }
      int from = Workers.from(shard, parameters[i].elements());
      int to = Workers.to(shard, parameters[i].elements());
      squares[i * Workers.SHARDS + shard] = sumSquares(parameters[i].gradient(), from, to);
    }
  }

  /** Four sums side by side, since one would wait for each addition. */
  private static double sumSquares(float[] gradient, int from, int to) {
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    int i = from;
    for (; i + 3 < to; i += 4) {
      sum0 += (double) gradient[i] * gradient[i];
      sum1 += (double) gradient[i + 1] * gradient[i + 1];
      sum2 += (double) gradient[i + 2] * gradient[i + 2];
      sum3 += (double) gradient[i + 3] * gradient[i + 3];
    }
    for (; i < to; i++) {
      sum0 += (double) gradient[i] * gradient[i];
    }
    return (sum0 + sum1) + (sum2 + sum3);
  }

  private void updateShard(int shard) {
    for (int i = 0; i < parameters.length; i++) {
      if (!parameters[i].needsGradient()) {
        continue;
      }
      int elements = parameters[i].elements();
      kernels.sgdUpdate(
          coefficientsOf[i],
          parameters[i].gradient(),
          parameters[i].value(),
          velocities[i],
          Workers.from(shard, elements),
          Workers.to(shard, elements));
    }
  }
}
