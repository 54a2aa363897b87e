package io.millrace.benchmarks.serving;

import io.millrace.serving.Answer;
import io.millrace.serving.Predictor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Threads that predict single images without pause, and check and time each answer. */
final class Callers implements AutoCloseable {
  private static final int MAX_CALLS = 1 << 20;

  private final Predictor predictor;
  private final List<Thread> threads = new ArrayList<>();
  private final List<Log> logs = new ArrayList<>();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong mixed = new AtomicLong();
  private volatile boolean stopped;

  /** The latencies of one thread in the present window; the thread writes, others read a prefix. */
  private static final class Log {
    private final long[] nanos = new long[MAX_CALLS];
    private volatile int count;
  }

  Callers(Predictor predictor, int count) {
    this.predictor = predictor;
    for (int i = 0; i < count; i++) {
      Log log = new Log();
      logs.add(log);
      threads.add(Thread.ofPlatform().name("caller-" + i).start(() -> run(log)));
    }
  }

  private void run(Log log) {
    byte[] image = CountingModel.ones();
    while (!stopped) {
      long start = System.nanoTime();
      try {
        Answer answer = predictor.predict(image);
        long took = System.nanoTime() - start;
        if (!Arrays.equals(CountingModel.answer(answer.version()), answer.probabilities())) {
          mixed.incrementAndGet();
        }
        int at = log.count;
        if (at < MAX_CALLS) {
          log.nanos[at] = took;
          log.count = at + 1;
        }
      } catch (RuntimeException e) {
        failed.incrementAndGet();
      }
    }
  }

  /** Latencies, in nanoseconds and in order, of the calls that ended in a stretch of time. */
  long[] during(Runnable work) {
    int[] first = logs.stream().mapToInt(log -> log.count).toArray();
    work.run();
    long[] all = new long[0];
    for (int i = 0; i < logs.size(); i++) {
      Log log = logs.get(i);
      long[] some = Arrays.copyOfRange(log.nanos, first[i], log.count);
      int before = all.length;
      all = Arrays.copyOf(all, before + some.length);
      System.arraycopy(some, 0, all, before, some.length);
    }
    Arrays.sort(all);
    return all;
  }

  long failed() {
    return failed.get();
  }

  /** Answers that were not their version's. */
  long mixed() {
    return mixed.get();
  }

  @Override
  public void close() {
    stopped = true;
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
