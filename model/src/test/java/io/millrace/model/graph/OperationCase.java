package io.millrace.model.graph;

import io.millrace.model.math.CounterRandom;
import io.millrace.model.tensor.Shape;
import java.util.List;

/**
 * One operation, or a small graph of them, with arguments and a reference that computes the same in
 * double. All values are in the order of the API: [n][c][h][w], [n][f] or a parameter's own.
 *
 * @param exact whether the output is linear in each argument, so that on small integers nothing is
 *     rounded, not even in a central difference
 */
record OperationCase(
    String name,
    int batch,
    List<Argument> arguments,
    Fill fill,
    boolean exact,
    Builder builder,
    Reference reference) {
  /** Seed, step and site of what is random in an operation. */
  static final long SEED = 11;

  static final long STEP = 5;
  static final int SITE = 3;

  /** Makes the operation that takes the nodes of the arguments, in their order. */
  interface Builder {
    Operation build(List<Node> arguments);
  }

  /** The operation's value in double, of the arguments' values in their order. */
  interface Reference {
    double[] compute(double[][] arguments);
  }

  /** A value that the operation takes: an input with a sample's shape, or a parameter. */
  record Argument(String name, Shape shape, boolean parameter) {
    static Argument input(String name, int... shape) {
      return new Argument(name, Shape.of(shape), false);
    }

    static Argument parameter(String name, int... shape) {
      return new Argument(name, Shape.of(shape), true);
    }

    int length(int batch) {
      return shape.elements() * (parameter ? 1 : batch);
    }
  }

  /** Which values keep a central difference away from the operation's kinks. */
  enum Fill {
    /** Uniform on [-1, 1): for operations without a kink. */
    ANY {
      @Override
      float value(int argument, int index, int length) {
        return 2 * CounterRandom.uniform(SEED, 0, argument, index) - 1;
      }
    },
    /** At least 0.1 from zero. */
    NOT_ZERO {
      @Override
      float value(int argument, int index, int length) {
        float value = ANY.value(argument, index, length);
        return Math.copySign(0.1f + 0.9f * Math.abs(value), value);
      }
    },
    /** A shuffled sequence of equal distances over [-1, 1). */
    DISTINCT {
      @Override
      float value(int argument, int index, int length) {
        return 2f * shuffled(index, length) / length - 1;
      }
    },
    /** Whole numbers from -3 to 3, whose sums and products floats hold exactly. */
    INTEGERS {
      @Override
      float value(int argument, int index, int length) {
        return Integer.remainderUnsigned(CounterRandom.bits(SEED, 1, argument, index), 7) - 3;
      }
    };

    /** No tensor of a case has a length that this prime divides. */
    private static final int PRIME = 7919;

    abstract float value(int argument, int index, int length);

    private static int shuffled(int index, int length) {
      return (int) ((long) index * PRIME % length);
    }

    float[] values(int argument, int length) {
      float[] values = new float[length];
      for (int i = 0; i < length; i++) {
        values[i] = value(argument, i, length);
      }
      return values;
    }
  }

  /** The values of all arguments. */
  float[][] values(Fill values) {
    float[][] all = new float[arguments.size()][];
    for (int a = 0; a < all.length; a++) {
      all[a] = values.values(a, arguments.get(a).length(batch));
    }
    return all;
  }

  /** What the loss's gradient by the output is taken to be. */
  static float[] outputGradient(int length, Fill values) {
    return (values == Fill.INTEGERS ? Fill.INTEGERS : Fill.ANY).values(99, length);
  }

  @Override
  public String toString() {
    return name + " n" + batch;
  }
}
