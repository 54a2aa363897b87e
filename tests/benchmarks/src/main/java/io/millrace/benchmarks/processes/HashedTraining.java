package io.millrace.benchmarks.processes;

import io.millrace.model.kernel.KernelLookup;

/** Trains and prints the SHA-256 of the training state: what {@link Determinism} compares. */
final class HashedTraining {
  private HashedTraining() {}

  /** Arguments: network, steps, threads. Prints hash, lanes and seconds of the steps. */
  public static void main(String[] arguments) {
    int steps = Integer.parseInt(arguments[1]);
    try (RealTraining training = new RealTraining(arguments[0], Integer.parseInt(arguments[2]))) {
      long start = System.nanoTime();
      for (int step = 0; step < steps; step++) {
        training.step();
      }
      double seconds = (System.nanoTime() - start) * 1e-9;
      System.out.println(
          ChildJvm.RESULT
              + training.sha256()
              + " "
              + KernelLookup.lookup().lanes()
              + " "
              + seconds);
    }
  }
}
