package io.millrace.app.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Ends a write that a client does not take in time. The writing thread is interrupted, which closes
 * the channel that it waits for; the JDK's server could only end an answer as a whole, and so would
 * cut streams that are meant to last.
 */
final class Deadline {
  private final ScheduledExecutorService timer;
  private final long limitMs;

  Deadline(ScheduledExecutorService timer, long limitMs) {
    this.timer = timer;
    this.limitMs = limitMs;
  }

  /** Something that writes. */
  @FunctionalInterface
  interface Write {
    void run() throws IOException;
  }

  /**
   * Writes on the calling thread.
   *
   * @throws IOException if the client has gone or took too long
   */
  void within(Write write) throws IOException {
    Guard guard = new Guard(Thread.currentThread());
    Future<?> alarm = timer.schedule(guard::fire, limitMs, TimeUnit.MILLISECONDS);
    try {
      write.run();
    } finally {
      alarm.cancel(false);
      guard.disarm();
    }
  }

  /** The same stream, each of whose writes has so much time. */
  OutputStream around(OutputStream out) {
    return new OutputStream() {
      @Override
      public void write(int value) throws IOException {
        within(() -> out.write(value));
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        within(() -> out.write(bytes, offset, length));
      }

      @Override
      public void flush() throws IOException {
        within(out::flush);
      }
    };
  }

  /** Interrupts a thread, but never after that has gone on to something else. */
  private static final class Guard {
    private final Thread thread;
    private boolean armed = true;

    Guard(Thread thread) {
      this.thread = thread;
    }

    synchronized void fire() {
      if (armed) {
        thread.interrupt();
      }
    }

    synchronized void disarm() {
      armed = false;
    }
  }
}
