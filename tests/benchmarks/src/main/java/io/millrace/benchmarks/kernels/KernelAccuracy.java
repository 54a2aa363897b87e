package io.millrace.benchmarks.kernels;

import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Compares each kernel on random floats with the definition in double precision. Weight gradients
 * are summed in shards, as training sums them.
 */
@Command(
    name = "accuracy",
    mixinStandardHelpOptions = true,
    description = "Measures the rounding of each kernel against double precision.")
public final class KernelAccuracy implements Callable<Integer> {

  @Option(names = "--batch", defaultValue = "32", description = "Default: ${DEFAULT-VALUE}.")
  private int batch;

  /**
   * How far a tensor is from its reference.
   *
   * @param max the largest difference over the largest element of the reference
   * @param rms root mean square of the differences over that of the reference
   */
  private record Distance(double max, double rms) {

    static Distance of(double[] reference, float[] actual) {
      double largest = 0;
      double difference = 0;
      double squares = 0;
      double differenceSquares = 0;
      for (int i = 0; i < reference.length; i++) {
        double d = actual[i] - reference[i];
        largest = Math.max(largest, Math.abs(reference[i]));
        difference = Math.max(difference, Math.abs(d));
        squares += reference[i] * reference[i];
        differenceSquares += d * d;
      }
      return new Distance(difference / largest, Math.sqrt(differenceSquares / squares));
    }

    /** Written so that NaN is not within any bound. */
    boolean within(double bound) {
      return max <= bound && rms <= bound;
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%.1e, %.1e", max, rms);
    }
  }

  @Override
  public Integer call() {
    System.out.printf(
        "random floats, minibatch %d: largest difference from double precision relative to the"
            + " largest element, and root mean squares%n%n",
        batch);
    System.out.println(
        "| layer | shape | algorithm | forward | backward input | backward weight | bound |");
    System.out.println("| --- | --- | --- | --- | --- | --- | --- |");
    boolean good = true;
    for (Layer layer : Layers.ALL) {
      LayerData data = LayerData.random(layer, batch);
      DoubleReference reference = DoubleReference.of(layer, data);
      for (Algorithm algorithm : Algorithm.ALL) {
        if (algorithm.fits(layer)) {
          good &= check(layer, algorithm, data, reference);
        }
      }
    }
    System.out.println(good ? "\nall within their bounds" : "\nNOT WITHIN THE BOUNDS");
    return good ? 0 : 1;
  }

  private static boolean check(
      Layer layer, Algorithm algorithm, LayerData data, DoubleReference reference) {
    LayerRun run = algorithm.prepare(layer, data);
    run.forward();
    run.backwardInput();
    run.backwardWeight();
    Distance forward = Distance.of(reference.y(), run.y());
    Distance input = Distance.of(reference.dx(), run.dx());
    Distance weight = Distance.of(reference.dWeight(), run.dWeight());
    double bound = algorithm.bound(layer);
    boolean good = forward.within(bound) && input.within(bound) && weight.within(bound);
    System.out.printf(
        Locale.ROOT,
        "| %s | %s | %s | %s | %s | %s | %.1e%s |%n",
        layer.place(),
        layer.shapeName(),
        algorithm.name(),
        forward,
        input,
        weight,
        bound,
        good ? "" : " EXCEEDED");
    return good;
  }
}
