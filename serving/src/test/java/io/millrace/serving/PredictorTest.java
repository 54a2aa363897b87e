package io.millrace.serving;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.model.kernel.KernelLookup;
import io.millrace.model.training.Inference;
import io.millrace.serving.AssemblyResult.Assembled;
import io.millrace.serving.AssemblyResult.Pending;
import io.millrace.serving.TestSnapshots.Entry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class PredictorTest {
  private static final int PIXELS = TestSnapshots.NETWORK.input().elements();

  private static Predictor predictor(int parallelism, int maxBatch) {
    return new Predictor(new Predictor.Options(parallelism, 1, maxBatch, KernelLookup.lookup()));
  }

  private static Snapshot snapshot(long version) {
    SnapshotAssembler assembler = new SnapshotAssembler(Optional.empty(), 1 << 20);
    AssemblyResult last = Pending.INSTANCE;
    for (Entry record : TestSnapshots.records(version)) {
      last = assembler.accept(record.keyBytes(), record.value());
    }
    return assertInstanceOf(Assembled.class, last).snapshot();
  }

  private static byte[] image(long seed) {
    byte[] pixels = new byte[PIXELS];
    new Random(seed).nextBytes(pixels);
    return pixels;
  }

  /** The same image straight through the model. */
  private static float[] expected(Snapshot snapshot, byte[] pixels) {
    float[] input = new float[PIXELS];
    snapshot.normalization().apply(pixels, input, 0);
    float[] probabilities = new float[3];
    try (Inference inference =
        Inference.create(snapshot.network(), snapshot.tensors(), 1, 1, KernelLookup.lookup())) {
      inference.predict(input, 1, probabilities);
    }
    return probabilities;
  }

  @Test
  void answersAsTheModelDoes() {
    Snapshot snapshot = snapshot(3);
    try (Predictor predictor = predictor(1, 4)) {
      predictor.onSnapshot(snapshot);
      Answer answer = predictor.predict(image(1));
      float[] expected = expected(snapshot, image(1));
      assertArrayEquals(expected, answer.probabilities());
      assertEquals(3, answer.version());
      assertEquals(Optional.of(snapshot.classNames().get(answer.label())), answer.className());
      for (float probability : expected) {
        assertTrue(probability <= expected[answer.label()]);
      }
    }
  }

  @Test
  void normalizedImageGivesTheSameAnswer() {
    Snapshot snapshot = snapshot(1);
    float[] values = new float[PIXELS];
    snapshot.normalization().apply(image(5), values, 0);
    try (Predictor predictor = predictor(1, 2)) {
      predictor.onSnapshot(snapshot);
      assertArrayEquals(
          predictor.predict(image(5)).probabilities(),
          predictor.predictNormalized(values).probabilities());
    }
  }

  @Test
  void batchLargerThanTheBuffersGivesEachImageItsAnswer() {
    Snapshot snapshot = snapshot(1);
    List<byte[]> images = new ArrayList<>();
    for (int i = 0; i < 11; i++) {
      images.add(image(i));
    }
    try (Predictor predictor = predictor(1, 4)) {
      predictor.onSnapshot(snapshot);
      List<Answer> answers = predictor.predict(images);
      assertEquals(11, answers.size());
      for (int i = 0; i < 11; i++) {
        assertArrayEquals(
            expected(snapshot, images.get(i)), answers.get(i).probabilities(), "image " + i);
      }
      assertEquals(List.of(), predictor.predict(List.of()));
    }
  }

  @Test
  void swapReachesTheNextCall() {
    try (Predictor predictor = predictor(1, 1)) {
      for (long version = 1; version <= 3; version++) {
        Snapshot snapshot = snapshot(version);
        predictor.onSnapshot(snapshot);
        Answer answer = predictor.predict(image(1));
        assertEquals(version, answer.version());
        assertArrayEquals(expected(snapshot, image(1)), answer.probabilities());
      }
    }
  }

  @Test
  void saysWhatIsMissingOrWrong() {
    Predictor predictor = predictor(1, 1);
    assertEquals(Optional.empty(), predictor.snapshot());
    assertThrows(IllegalStateException.class, () -> predictor.predict(image(1)));
    predictor.onSnapshot(snapshot(1));
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> predictor.predict(new byte[7]));
    assertEquals("image: expected 512 bytes [2, 16, 16], got 7", e.getMessage());
    predictor.predict(image(1));
    predictor.close();
    assertThrows(IllegalStateException.class, () -> predictor.predict(image(1)));
  }

  // Each answer must be that of exactly the version that it names, however calls and swaps meet.
  @Test
  void answersUnderSwapsAreNeverMixed() throws Exception {
    List<Snapshot> snapshots = List.of(snapshot(1), snapshot(2), snapshot(3));
    byte[] image = image(9);
    Map<Long, float[]> expected = new TreeMap<>();
    snapshots.forEach(s -> expected.put(s.version(), expected(s, image)));
    assertFalse(Arrays.equals(expected.get(1L), expected.get(2L)));
    try (Predictor predictor = predictor(2, 3);
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      predictor.onSnapshot(snapshots.getFirst());
      List<Future<Integer>> runs = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        Callable<Integer> run =
            () -> {
              int checked = 0;
              for (int i = 0; i < 100; i++) {
                for (Answer answer : predictor.predict(List.of(image, image, image, image))) {
                  assertArrayEquals(expected.get(answer.version()), answer.probabilities());
                  checked++;
                }
              }
              return checked;
            };
        runs.add(threads.submit(run));
      }
      for (int i = 0; i < 200; i++) {
        predictor.onSnapshot(snapshots.get(i % 3));
        Thread.sleep(1);
      }
      for (Future<Integer> run : runs) {
        assertEquals(400, run.get());
      }
    }
  }
}
