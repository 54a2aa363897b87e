package io.millrace.serving;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.millrace.model.kernel.KernelLookup;
import io.millrace.model.kernel.Kernels;
import io.millrace.model.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Predicts with the newest snapshot, from any number of threads.
 *
 * <p>{@link #onSnapshot} builds the network on its own thread and then swaps it in at once. No call
 * waits for that, and each answers from one snapshot, the newest when it began to compute. Up to
 * {@code parallelism} calls compute at a time, each with a network of its own; further calls wait
 * for one of these. Memory is that of two generations of networks, the one that serves and the one
 * before it, whose buffers take the next snapshot.
 */
public final class Predictor implements SnapshotListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Predictor.class);

  private final Options options;
  private final GenerationPool pool;
  private final Counter predictions;
  private final Counter refused;
  private final Timer latency;
  private final Timer swaps;

  /**
   * How to compute.
   *
   * @param parallelism calls that compute at the same time; each holds its own copy of the weights
   * @param threads threads within one call, the caller's included
   * @param maxBatch images computed at once within one call; more are cut into pieces
   * @param freshness how old a model may be that answers
   * @param listener hears of a model that became too old
   * @param meters counts and times what is predicted
   */
  public record Options(
      int parallelism,
      int threads,
      int maxBatch,
      Kernels kernels,
      Freshness freshness,
      SnapshotListener listener,
      ServingMeters meters) {
    public Options {
      if (parallelism < 1 || threads < 1 || maxBatch < 1) {
        throw new IllegalArgumentException(
            "predictor: expected parallelism, threads and maxBatch of at least 1, got "
                + parallelism
                + ", "
                + threads
                + " and "
                + maxBatch);
      }
    }

    /** A model of any age, and nobody who watches. */
    public Options(int parallelism, int threads, int maxBatch, Kernels kernels) {
      this(
          parallelism,
          threads,
          maxBatch,
          kernels,
          Freshness.unbounded(),
          _ -> {},
          ServingMeters.none());
    }

    /** One call on each processor, one thread a call, 64 images at once. */
    public static Options defaults() {
      return new Options(Runtime.getRuntime().availableProcessors(), 1, 64, KernelLookup.lookup());
    }

    /** The same with a bound on the model's age, and who is told when it is exceeded. */
    public Options withFreshness(Freshness other, SnapshotListener told) {
      return new Options(parallelism, threads, maxBatch, kernels, other, told, meters);
    }

    /** The same with meters. */
    public Options withMeters(ServingMeters others) {
      return new Options(parallelism, threads, maxBatch, kernels, freshness, listener, others);
    }
  }

  public Predictor(Options options) {
    this.options = options;
    pool = new GenerationPool(options);
    ServingMeters meters = options.meters();
    predictions = meters.counter("predictions", "Images predicted.");
    refused = meters.counter("refused", "Calls refused because the model was too old.");
    latency = meters.timer("latency", "From a call to its answers.");
    swaps = meters.timer("swap", "From a snapshot to its serving, off the callers' path.");
    meters.gauge(
        "model.version",
        "The version that serves.",
        "version",
        this,
        predictor -> predictor.snapshot().map(Snapshot::version).orElse(0L));
    meters.gauge(
        "model.age",
        "Since the version that serves was published.",
        "seconds",
        this,
        predictor ->
            predictor.snapshot().map(s -> options.freshness().ageMs(s) * 1e-3).orElse(Double.NaN));
  }

  /** Builds and swaps in a snapshot; the one before serves until then, and if this fails. */
  @Override
  public void onSnapshot(Snapshot snapshot) {
    swaps.record(() -> pool.swap(snapshot));
  }

  /** The snapshot that the next call answers from. */
  public Optional<Snapshot> snapshot() {
    return pool.snapshot();
  }

  /** Milliseconds since the snapshot that serves was published; empty as long as there is none. */
  public Optional<Long> ageMs() {
    return snapshot().map(options.freshness()::ageMs);
  }

  /** Whether there is a snapshot that is too old to answer. */
  public boolean refuses() {
    Freshness freshness = options.freshness();
    return freshness.onStale() == Freshness.OnStale.REFUSE
        && ageMs().filter(freshness::exceededBy).isPresent();
  }

  /**
   * Predicts one image.
   *
   * @param pixels unsigned bytes in [c][h][w] order, of the network's input shape
   * @throws IllegalStateException as long as there is no snapshot
   * @throws StaleModelException if the snapshot is too old to answer
   * @throws IllegalArgumentException if the image has another size
   */
  public Answer predict(byte[] pixels) {
    return predict(List.of(pixels)).getFirst();
  }

  /**
   * Predicts images, all with one snapshot.
   *
   * @param images of each, unsigned bytes in [c][h][w] order, of the network's input shape
   * @return one answer for each image, in their order
   * @throws IllegalStateException as long as there is no snapshot
   * @throws StaleModelException if the snapshot is too old to answer
   * @throws IllegalArgumentException if an image has another size
   */
  public List<Answer> predict(List<byte[]> images) {
    return answer(
        images.size(),
        (snapshot, first, count, into) -> {
          Shape input = snapshot.network().input();
          for (int i = 0; i < count; i++) {
            byte[] image = images.get(first + i);
            requireLength(input, image.length, "bytes");
            snapshot.normalization().apply(image, into, i * input.elements());
          }
        });
  }

  /**
   * Predicts one image that is normalized already, as the snapshot's {@code normalization} does it.
   *
   * @param values in [c][h][w] order, of the network's input shape
   * @throws IllegalStateException as long as there is no snapshot
   * @throws StaleModelException if the snapshot is too old to answer
   * @throws IllegalArgumentException if the image has another size
   */
  public Answer predictNormalized(float[] values) {
    return answer(
            1,
            (snapshot, _, _, into) -> {
              requireLength(snapshot.network().input(), values.length, "values");
              System.arraycopy(values, 0, into, 0, values.length);
            })
        .getFirst();
  }

  /** Waits for the calls under way and ends the networks' threads; later calls throw. */
  @Override
  public void close() {
    pool.close();
  }

  /** Writes {@code count} images from number {@code first} on. */
  private interface Source {
    void write(Snapshot snapshot, int first, int count, float[] into);
  }

  private List<Answer> answer(int images, Source source) {
    long start = System.nanoTime();
    List<Answer> answers = new ArrayList<>(images);
    GenerationPool.Loan loan = pool.lend();
    try {
      Generation generation = loan.generation();
      Snapshot snapshot = generation.snapshot();
      long ageMs = options.freshness().ageMs(snapshot);
      boolean stale = stale(generation, ageMs);
      LoadedNetwork network = loan.network();
      int classes = network.inference().classes();
      for (int first = 0; first < images; first += options.maxBatch()) {
        int count = Math.min(options.maxBatch(), images - first);
        source.write(snapshot, first, count, network.images());
        network.inference().predict(network.images(), count, network.probabilities());
        for (int i = 0; i < count; i++) {
          float[] row = Arrays.copyOfRange(network.probabilities(), i * classes, (i + 1) * classes);
          answers.add(answer(snapshot, row, ageMs, stale));
        }
      }
    } finally {
      pool.giveBack(loan);
    }
    predictions.increment(images);
    latency.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
    return answers;
  }

  private static Answer answer(Snapshot snapshot, float[] row, long ageMs, boolean stale) {
    int label = 0;
    for (int i = 1; i < row.length; i++) {
      label = row[i] > row[label] ? i : label;
    }
    Optional<String> name =
        snapshot.classNames().isEmpty()
            ? Optional.empty()
            : Optional.of(snapshot.classNames().get(label));
    return new Answer(snapshot.version(), label, name, row, ageMs, stale);
  }

  /** Whether answers are to say that they are stale. */
  private boolean stale(Generation generation, long ageMs) {
    Freshness freshness = options.freshness();
    if (!freshness.exceededBy(ageMs)) {
      return false;
    }
    Snapshot snapshot = generation.snapshot();
    if (generation.firstToTellStale()) {
      LOG.warn("{}: is {} ms old; {}", snapshot, ageMs, freshness.onStale());
      options.listener().onStale(snapshot, ageMs);
    }
    if (freshness.onStale() == Freshness.OnStale.REFUSE) {
      refused.increment();
      throw new StaleModelException(snapshot, ageMs, freshness);
    }
    return freshness.onStale() == Freshness.OnStale.FLAG;
  }

  private static void requireLength(Shape input, int length, String unit) {
    if (length != input.elements()) {
      throw new IllegalArgumentException(
          "image: expected " + input.elements() + " " + unit + " " + input + ", got " + length);
    }
  }
}
