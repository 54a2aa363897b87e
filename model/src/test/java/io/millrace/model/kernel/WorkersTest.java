package io.millrace.model.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.millrace.model.kernel.Workers.ShardTask;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class WorkersTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 8, 13})
  void runsEveryShardOnceARun(int threads) {
    try (Workers workers = new Workers(threads)) {
      AtomicIntegerArray counts = new AtomicIntegerArray(Workers.SHARDS);
      ShardTask task = counts::incrementAndGet;
      int runs = 20_000;
      for (int run = 0; run < runs; run++) {
        workers.run(task);
      }
      for (int shard = 0; shard < Workers.SHARDS; shard++) {
        assertEquals(runs, counts.get(shard), "shard " + shard);
      }
    }
  }

  @Test
  void returnsOnlyAfterEveryShardIsDone() {
    try (Workers workers = new Workers(3)) {
      for (int run = 0; run < 200; run++) {
        int[] done = new int[Workers.SHARDS];
        workers.run(shard -> {
          pause(shard == 3 ? 1 : 0);
          done[shard] = 1;
        });
        assertArrayEquals(new int[] {1, 1, 1, 1, 1, 1, 1, 1}, done);
      }
    }
  }

  @Test
  void wakesThreadsThatHaveParked() {
    try (Workers workers = new Workers(2)) {
      for (int run = 0; run < 20; run++) {
        AtomicInteger shards = new AtomicInteger();
        workers.run(_ -> shards.incrementAndGet());
        assertEquals(Workers.SHARDS, shards.get());
        pause(2);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void rethrowsTheExceptionOfTheLowestShardAndStaysUsable(int threads) {
    try (Workers workers = new Workers(threads)) {
      for (int run = 0; run < 100; run++) {
        AtomicInteger ran = new AtomicInteger();
        IllegalArgumentException fourth = new IllegalArgumentException("shard 4");
        AssertionError sixth = new AssertionError("shard 6");
        ShardTask task =
            shard -> {
              ran.incrementAndGet();
              if (shard == 4) {
                throw fourth;
              }
              if (shard == 6) {
                throw sixth;
              }
            };
        assertSame(fourth, assertThrows(Throwable.class, () -> workers.run(task)));
        assertEquals(Workers.SHARDS, ran.get());
      }
      AtomicInteger after = new AtomicInteger();
      workers.run(_ -> after.incrementAndGet());
      assertEquals(Workers.SHARDS, after.get());
    }
  }

  @Test
  void sumsAreEqualWithAnyNumberOfThreads() {
    float expected = sumInShardOrder(1);
    assertEquals(expected, sumInShardOrder(2));
    assertEquals(expected, sumInShardOrder(5));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 9, 32, 100, Integer.MAX_VALUE})
  void shardsCoverTheItemsWithoutGapOrOverlap(int n) {
    assertEquals(0, Workers.from(0, n));
    for (int shard = 1; shard < Workers.SHARDS; shard++) {
      assertEquals(Workers.to(shard - 1, n), Workers.from(shard, n));
      assertTrue(Workers.to(shard, n) >= Workers.from(shard, n));
    }
    assertEquals(n, Workers.to(Workers.SHARDS - 1, n));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void refusesARunFromAShardAndAfterClose(int threads) {
    Workers workers = new Workers(threads);
    try (workers) {
      ShardTask nested = _ -> workers.run(_ -> {});
      assertThrows(IllegalStateException.class, () -> workers.run(nested));
      workers.run(_ -> {});
    }
    assertThrows(IllegalStateException.class, () -> workers.run(_ -> {}));
  }

  @Test
  void closeEndsTheThreads() throws InterruptedException {
    Thread[] helper = new Thread[1];
    try (Workers workers = new Workers(2)) {
      Thread caller = Thread.currentThread();
      while (helper[0] == null) {
        workers.run(_ -> {
          pause(1);
          if (Thread.currentThread() != caller) {
            helper[0] = Thread.currentThread();
          }
        });
      }
      assertTrue(helper[0].isDaemon());
    }
    assertTrue(helper[0].join(Duration.ofSeconds(10)), "the worker still lives after close");
  }

  @Test
  void runsWithoutAllocating() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (Workers workers = new Workers(2)) {
      long[] identifiers = new long[Workers.SHARDS];
      ShardTask task = shard -> identifiers[shard] = Thread.currentThread().threadId();
      for (int run = 0; run < 10_000; run++) {
        workers.run(task);
      }
      long caller = Thread.currentThread().threadId();
      long before = threads.getThreadAllocatedBytes(caller);
      for (int run = 0; run < 10_000; run++) {
        workers.run(task);
      }
      long allocated = threads.getThreadAllocatedBytes(caller) - before;
      // Less than a byte a run: what the measurement itself takes.
      assertTrue(allocated < 10_000, () -> "allocated " + allocated + " bytes in 10,000 runs");
    }
  }

  @Test
  void refusesLessThanOneThread() {
    assertThrows(IllegalArgumentException.class, () -> new Workers(0).close());
  }

  private static float sumInShardOrder(int threads) {
    float[] partial = new float[Workers.SHARDS];
    int n = 1_001;
    try (Workers workers = new Workers(threads)) {
      workers.run(shard -> {
        for (int i = Workers.from(shard, n); i < Workers.to(shard, n); i++) {
          partial[shard] += 1f / (i + 1);
        }
      });
    }
    float sum = 0;
    for (float part : partial) {
      sum += part;
    }
    return sum;
  }

  private static void pause(int milliseconds) {
    if (milliseconds > 0) {
      try {
        Thread.sleep(milliseconds);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
