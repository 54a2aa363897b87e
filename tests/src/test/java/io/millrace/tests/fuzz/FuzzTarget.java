package io.millrace.tests.fuzz;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Code that takes bytes from outside, and what it promises about any of them. An instance is for
 * one thread.
 */
interface FuzzTarget {

  /** What became of an input; all that {@link #run} throws is a fault. */
  enum Outcome {
    ACCEPTED,
    REJECTED
  }

  /** A name that is also a folder's in the corpus. */
  String name();

  /** The share of all inputs that this target gets, relative to the others. */
  int weight();

  /** Valid inputs: each must be accepted, and mutation begins with them. */
  List<byte[]> seeds();

  /** What one input may allocate at most, everything that the target does with it included. */
  long maxAllocationBytes();

  /** Where {@link #maxAllocationBytes} comes from. */
  String allocationReason();

  /** Makes an input; a function of the random numbers alone. */
  byte[] input(SplittableRandom random);

  /**
   * Hands an input to the code under test.
   *
   * @throws FaultException if the code answered, but wrongly
   */
  Outcome run(byte[] input);

  /** An answer that breaks a promise, such as a good record that is not accepted any more. */
  final class FaultException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FaultException(String message) {
      super(message);
    }
  }
}
