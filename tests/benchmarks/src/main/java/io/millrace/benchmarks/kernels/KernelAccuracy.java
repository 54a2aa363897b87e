package io.millrace.benchmarks.kernels;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Compares each layer, computed as training computes it, on random floats with the definition in
 * double precision. Weight gradients are summed in shards, as training sums them.
 */
@Command(
    name = "accuracy",
    mixinStandardHelpOptions = true,
    description =
        "Measures the rounding of each layer's kernels against double precision; fails beyond a"
            + " bound.")
public final class KernelAccuracy implements Callable<Integer> {

  @Option(names = "--quick", description = "A few layers, for a look of a few seconds.")
  private boolean quick;

  @Option(
      names = "--layer",
      paramLabel = "TEXT",
      description = "Only layers whose place or shape contains it, such as resnet20 or kh5.")
  private String layer = "";

  @Option(
      names = "--algorithm",
      paramLabel = "NAME",
      converter = Algorithm.Converter.class,
      description = {
        "Repeatable; without it all: vector and scalar as training computes the layer,",
        "vector-direct and scalar-direct by the definition where training transforms."
      })
  private List<Algorithm> algorithms = new ArrayList<>();

  @Option(names = "--batch", defaultValue = "32", description = "Default: ${DEFAULT-VALUE}.")
  private int batch;

  @Spec
  @SuppressWarnings("NullAway.Init") // Set by picocli.
  private CommandSpec command;

  @Override
  public Integer call() {
    List<Algorithm> compared = algorithms.isEmpty() ? Algorithm.ALL : algorithms;
    List<Layer> layers =
        Layers.chosen(quick, layer).stream()
            .filter(chosen -> compared.stream().anyMatch(algorithm -> algorithm.fits(chosen)))
            .toList();
    if (layers.isEmpty()) {
      throw Layers.noneChosen(command.commandLine(), layer);
    }
    System.out.printf(
        "random floats, minibatch %d: largest difference from double precision relative to the"
            + " largest element, and root mean squares%n%n",
        batch);
    System.out.println(
        "| layer | shape | algorithm | way | forward | backward input | backward weight | bound |");
    System.out.println("| --- | --- | --- | --- | --- | --- | --- | --- |");
    boolean good = true;
    for (Layer measured : layers) {
      LayerData data = LayerData.random(measured, batch);
      DoubleReference reference = DoubleReference.of(measured, data);
      for (Algorithm algorithm : compared) {
        if (algorithm.fits(measured)) {
          good &= check(measured, algorithm, data, reference);
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
    run.backward();
    Distance forward = Distance.of(reference.y(), run.y());
    Distance input = Distance.of(reference.dx(), run.dx());
    Distance weight = Distance.of(reference.dWeight(), run.dWeight());
    double bound = algorithm.bound(layer);
    boolean good = forward.within(bound) && input.within(bound) && weight.within(bound);
    System.out.printf(
        Locale.ROOT,
        "| %s | %s | %s | %s | %s | %s | %s | %.1e%s |%n",
        layer.place(),
        layer.shapeName(),
        algorithm.name(),
        algorithm.way(layer),
        forward,
        input,
        weight,
        bound,
        good ? "" : " EXCEEDED");
    return good;
  }
}
