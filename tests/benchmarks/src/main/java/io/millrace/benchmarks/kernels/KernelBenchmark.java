package io.millrace.benchmarks.kernels;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * One operation is one pass over a whole minibatch, on one thread, in shards as in training. Run by
 * {@link KernelSpeed}, which sets the parameters and leaves out what an algorithm does not have.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class KernelBenchmark {
  @Param("small-cnn conv2")
  private String layer = "";

  @Param("vector")
  private String algorithm = "";

  @Param("32")
  private int batch;

  @SuppressWarnings("NullAway.Init") // Set by prepare, which the harness calls first.
  private LayerRun run;

  /** Draws the data and packs the weights. */
  @Setup
  public void prepare() {
    Layer shape = Layers.at(layer);
    run = Algorithm.named(algorithm).prepare(shape, LayerData.random(shape, batch));
  }

  /** Output from input. */
  @Benchmark
  public void forward() {
    run.forward();
  }

  /** Input gradient from output gradient. */
  @Benchmark
  public void backwardInput() {
    run.backwardInput();
  }

  /** Weight gradient from input and output gradient. */
  @Benchmark
  public void backwardWeight() {
    run.backwardWeight();
  }

  /** Both gradients. */
  @Benchmark
  public void backward() {
    run.backward();
  }
}
