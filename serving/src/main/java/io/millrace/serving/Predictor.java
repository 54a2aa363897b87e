package io.millrace.serving;

import io.millrace.model.kernel.KernelLookup;
import io.millrace.model.kernel.Kernels;
import io.millrace.model.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Predicts with the newest snapshot, from any number of threads.
 *
 * <p>{@link #onSnapshot} swaps at once and never waits for a prediction; each call answers from one
 * snapshot, the newest when it began. Up to {@code parallelism} calls compute at a time, each with
 * a network of its own, which takes over a new snapshot's weights at its first call after the swap;
 * further calls wait.
 */
public final class Predictor implements SnapshotListener, AutoCloseable {
  private final Options options;
  private final AtomicReference<@Nullable Snapshot> newest = new AtomicReference<>();
  private final ConcurrentLinkedDeque<LoadedNetwork> idle = new ConcurrentLinkedDeque<>();
  private final Semaphore permits;
  private volatile boolean closed;

  /**
   * How to compute.
   *
   * @param parallelism calls that compute at the same time; each holds its own copy of the weights
   * @param threads threads within one call, the caller's included
   * @param maxBatch images computed at once within one call; more are cut into pieces
   */
  public record Options(int parallelism, int threads, int maxBatch, Kernels kernels) {
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

    /** One call on each processor, one thread a call, 64 images at once. */
    public static Options defaults() {
      return new Options(Runtime.getRuntime().availableProcessors(), 1, 64, KernelLookup.lookup());
    }
  }

  public Predictor(Options options) {
    this.options = options;
    // Fair, so that close cannot starve behind a stream of calls.
    permits = new Semaphore(options.parallelism(), true);
  }

  @Override
  public void onSnapshot(Snapshot snapshot) {
    newest.set(snapshot);
  }

  /** The snapshot that the next call answers from. */
  public Optional<Snapshot> snapshot() {
    return Optional.ofNullable(newest.get());
  }

  /**
   * Predicts one image.
   *
   * @param pixels unsigned bytes in [c][h][w] order, of the network's input shape
   * @throws IllegalStateException as long as there is no snapshot
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
   * @throws IllegalArgumentException if an image has another size
   */
  public List<Answer> predict(List<byte[]> images) {
    Snapshot snapshot = required();
    Shape input = snapshot.network().input();
    for (byte[] image : images) {
      requireLength(input, image.length, "bytes");
    }
    return answer(
        snapshot,
        images.size(),
        (first, count, into) -> {
          for (int i = 0; i < count; i++) {
            snapshot.normalization().apply(images.get(first + i), into, i * input.elements());
          }
        });
  }

  /**
   * Predicts one image that is normalized already, as the snapshot's {@code normalization} does it.
   *
   * @param values in [c][h][w] order, of the network's input shape
   * @throws IllegalStateException as long as there is no snapshot
   * @throws IllegalArgumentException if the image has another size
   */
  public Answer predictNormalized(float[] values) {
    Snapshot snapshot = required();
    requireLength(snapshot.network().input(), values.length, "values");
    return answer(snapshot, 1, (_, _, into) -> System.arraycopy(values, 0, into, 0, values.length))
        .getFirst();
  }

  /** Waits for the calls under way and ends the networks' threads; later calls throw. */
  @Override
  public void close() {
    permits.acquireUninterruptibly(options.parallelism());
    try {
      closed = true;
      for (LoadedNetwork network = idle.poll(); network != null; network = idle.poll()) {
        network.close();
      }
    } finally {
      permits.release(options.parallelism());
    }
  }

  /** Writes {@code count} images from number {@code first} on. */
  private interface Source {
    void write(int first, int count, float[] into);
  }

  private List<Answer> answer(Snapshot snapshot, int images, Source source) {
    List<Answer> answers = new ArrayList<>(images);
    permits.acquireUninterruptibly();
    try {
      if (closed) {
        throw new IllegalStateException("predictor: expected one in use, got one that is closed");
      }
      LoadedNetwork network = LoadedNetwork.of(idle.poll(), snapshot, options);
      try {
        for (int first = 0; first < images; first += options.maxBatch()) {
          int count = Math.min(options.maxBatch(), images - first);
          source.write(first, count, network.images());
          network.predict(count, answers);
        }
      } catch (RuntimeException e) {
        network.close();
        throw e;
      }
      idle.push(network);
    } finally {
      permits.release();
    }
    return answers;
  }

  private Snapshot required() {
    Snapshot snapshot = newest.get();
    if (snapshot == null) {
      throw new IllegalStateException(
          "predictor: expected a snapshot, got none yet; wait with SnapshotSubscriber.awaitFirst");
    }
    return snapshot;
  }

  private static void requireLength(Shape input, int length, String unit) {
    if (length != input.elements()) {
      throw new IllegalArgumentException(
          "image: expected " + input.elements() + " " + unit + " " + input + ", got " + length);
    }
  }
}
