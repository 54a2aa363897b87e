package io.millrace.benchmarks.processes;

import com.sun.management.ThreadMXBean;
import io.millrace.app.network.NetworkFiles;
import io.millrace.benchmarks.engines.MillraceTrainer;
import io.millrace.benchmarks.engines.RealImages;
import io.millrace.benchmarks.engines.TrainingSetup;
import io.millrace.model.spec.NetworkSpec;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;

/** Trains and counts the bytes that steps allocate: what {@link Allocation} measures. */
final class AllocatingTraining {
  private static final int IMAGES = 1024;
  private static final float RATE = 0.01f;
  private static final float MOMENTUM = 0.9f;
  private static final float WEIGHT_DECAY = 5e-4f;
  private static final long SEED = 1;
  private static final int STEPS_OF_WINDOW = 10;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final MillraceTrainer trainer;
  private final long[] workers;
  private int step;

  private AllocatingTraining(MillraceTrainer trainer) {
    this.trainer = trainer;
    workers =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("millrace-worker"))
            .mapToLong(Thread::threadId)
            .toArray();
  }

  /**
   * Arguments: network, data set, batch, threads, seconds to wait for a window without allocation,
   * windows to count after it. Prints an {@link AllocationResult}, as {@link #read} takes it.
   */
  public static void main(String[] arguments) {
    int batch = Integer.parseInt(arguments[2]);
    int threads = Integer.parseInt(arguments[3]);
    NetworkSpec network = NetworkFiles.load(arguments[0], Path.of("").toAbsolutePath());
    try (RealImages images = new RealImages(arguments[1], network.input(), SEED);
        MillraceTrainer trainer =
            new MillraceTrainer(
                new TrainingSetup(
                    network,
                    RATE,
                    MOMENTUM,
                    WEIGHT_DECAY,
                    SEED,
                    images.batches(Math.max(1, IMAGES / batch), batch),
                    threads))) {
      AllocationResult result =
          new AllocatingTraining(trainer)
              .measure(Long.parseLong(arguments[4]), Integer.parseInt(arguments[5]));
      StringBuilder line = new StringBuilder(ChildJvm.RESULT);
      line.append(result.firstStep()).append(' ').append(result.stepsUntilNone());
      line.append(' ').append(result.stepsOfWindow());
      for (long bytes : result.windows()) {
        line.append(' ').append(bytes);
      }
      System.out.println(line);
    }
  }

  /** Of what {@link #main} printed. */
  static AllocationResult read(String line) {
    long[] numbers = Arrays.stream(line.split(" ", -1)).mapToLong(Long::parseLong).toArray();
    return new AllocationResult(
        numbers[0],
        (int) numbers[1],
        Arrays.copyOfRange(numbers, 3, numbers.length),
        (int) numbers[2]);
  }

  private AllocationResult measure(long seconds, int windows) {
    long firstStep = bytesOf(1);
    long end = System.nanoTime() + seconds * 1_000_000_000;
    int before;
    long bytes;
    do {
      before = step;
      bytes = bytesOf(STEPS_OF_WINDOW);
    } while (bytes > 0 && System.nanoTime() < end);
    long[] counted = new long[windows];
    for (int window = 0; window < windows; window++) {
      counted[window] = bytesOf(STEPS_OF_WINDOW);
    }
    return new AllocationResult(firstStep, bytes > 0 ? -1 : before, counted, STEPS_OF_WINDOW);
  }

  private long bytesOf(int steps) {
    long before = allocated();
    for (int i = 0; i < steps; i++) {
      trainer.step(step++);
    }
    return allocated() - before;
  }

  /** By this thread and the workers. */
  private long allocated() {
    long bytes = THREADS.getCurrentThreadAllocatedBytes();
    for (long id : workers) {
      bytes += Math.max(0, THREADS.getThreadAllocatedBytes(id));
    }
    return bytes;
  }
}
