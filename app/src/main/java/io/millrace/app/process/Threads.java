package io.millrace.app.process;

/** Waiting for threads to end. */
public final class Threads {

  private Threads() {}

  /** Waits until the thread has ended; where the waiting is interrupted, it is left to itself. */
  public static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
