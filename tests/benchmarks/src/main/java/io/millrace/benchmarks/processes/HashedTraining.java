package io.millrace.benchmarks.processes;

import io.millrace.model.kernel.KernelLookup;
import java.util.Arrays;

/** Trains and prints the SHA-256 of the training state: what {@link Determinism} compares. */
final class HashedTraining {
  private HashedTraining() {}

  /**
   * Arguments: network, threads, and the steps after which to hash, ascending. Prints step, hash,
   * lanes and seconds of the steps so far for each.
   */
  public static void main(String[] arguments) {
    int[] marks =
        Arrays.stream(arguments, 2, arguments.length).mapToInt(Integer::parseInt).toArray();
    try (RealTraining training = new RealTraining(arguments[0], Integer.parseInt(arguments[1]))) {
      int step = 0;
      double seconds = 0;
      for (int mark : marks) {
        long start = System.nanoTime();
        for (; step < mark; step++) {
          training.step();
        }
        seconds += (System.nanoTime() - start) * 1e-9;
        System.out.println(
            ChildJvm.RESULT
                + mark
                + " "
                + training.sha256()
                + " "
                + KernelLookup.lookup().lanes()
                + " "
                + seconds);
      }
    }
  }
}
