package io.millrace.tests.serving;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.model.kernel.KernelLookup;
import io.millrace.serving.Answer;
import io.millrace.serving.Predictor;
import io.millrace.tests.support.Eventually;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Swapping versions of a model of a million parameters under threads that never pause. */
class SwapTest {
  private static final CountingModel MODEL = CountingModel.million();
  private static final int SWAPS = 100;
  private static final int CALLERS = 4;
  private static final long SNAPSHOT_BYTES = 4L << 20;

  @Test
  void noCallFailsAndNoAnswerIsMixedAndMemoryStaysWhereItIs() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    byte[] ones = MODEL.ones();
    List<byte[]> batch = List.of(ones, ones, ones, ones, ones);
    try (Predictor predictor =
            new Predictor(new Predictor.Options(2, 1, 3, KernelLookup.lookup()));
        ExecutorService threads = Executors.newFixedThreadPool(CALLERS)) {
      predictor.onSnapshot(MODEL.snapshot(1));
      List<Future<TreeSet<Long>>> callers = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        Callable<TreeSet<Long>> caller =
            () -> {
              TreeSet<Long> versions = new TreeSet<>();
              while (!stop.get()) {
                List<Answer> answers = predictor.predict(batch);
                assertEquals(batch.size(), answers.size());
                for (Answer answer : answers) {
                  assertEquals(answers.getFirst().version(), answer.version());
                  assertArrayEquals(MODEL.answer(answer.version()), answer.probabilities());
                }
                long version = answers.getFirst().version();
                assertTrue(
                    versions.isEmpty() || versions.last() <= version,
                    "a later call answered from an older version");
                versions.add(version);
              }
              return versions;
            };
        callers.add(threads.submit(caller));
      }
      long halfway = 0;
      try {
        for (int version = 2; version <= SWAPS; version++) {
          predictor.onSnapshot(MODEL.snapshot(version));
          assertArrayEquals(MODEL.answer(version), predictor.predict(ones).probabilities());
          halfway = version == SWAPS / 2 ? usedBytes() : halfway;
        }
      } finally {
        stop.set(true);
      }
      for (Future<TreeSet<Long>> caller : callers) {
        TreeSet<Long> versions = caller.get();
        assertTrue(versions.size() > 10, "versions that one caller met: " + versions);
      }
      long grown = usedBytes() - halfway;
      assertTrue(
          grown < 4 * SNAPSHOT_BYTES,
          "heap after " + SWAPS / 2 + " more swaps: expected no growth, got " + grown + " bytes");
    }
  }

  @Test
  void networksOfAnotherArchitectureTakeTheirThreadsWithThem() throws Exception {
    CountingModel other = CountingModel.small();
    try (Predictor predictor =
        new Predictor(new Predictor.Options(2, 2, 1, KernelLookup.lookup()))) {
      for (int version = 1; version <= 20; version++) {
        CountingModel model = version % 2 == 0 ? MODEL : other;
        predictor.onSnapshot(model.snapshot(version));
        assertArrayEquals(model.answer(version), predictor.predict(model.ones()).probabilities());
        awaitWorkers(Math.min(version, 2) * 2);
      }
    }
    awaitWorkers(0);
  }

  /** Two networks of two threads, one of which is the caller's, in at most two generations. */
  private static void awaitWorkers(int expected) {
    Eventually.await(
        expected + " threads of networks",
        () -> Optional.of(workers()).filter(count -> count == expected),
        () -> workers() + " threads");
  }

  private static long workers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("millrace-worker-"))
        .count();
  }

  private static long usedBytes() {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
