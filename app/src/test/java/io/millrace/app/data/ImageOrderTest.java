package io.millrace.app.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ImageOrderTest {
  private static final OptionalLong SEED = OptionalLong.of(42);

  @Test
  void generatorIsSplitMix64() {
    // The JDK's own implementation of the generator that the order is documented with.
    SplittableRandom reference = new SplittableRandom(7);
    for (int i = 1; i <= 1000; i++) {
      assertEquals(reference.nextLong(), ImageOrder.mix(7 + i * 0x9E3779B97F4A7C15L));
    }
  }

  @Test
  void orderNeverChangesBetweenVersions() {
    // A sender that stopped relies on it. Worked out with Python's integers.
    assertArrayEquals(GOLDEN_FIRST_EPOCH, positions(ImageOrder.forever(10, SEED), 0, 10));
    assertArrayEquals(GOLDEN_SECOND_EPOCH, positions(ImageOrder.forever(10, SEED), 10, 20));
  }

  private static final int[] GOLDEN_FIRST_EPOCH = {8, 3, 6, 5, 4, 0, 9, 2, 1, 7};
  private static final int[] GOLDEN_SECOND_EPOCH = {4, 9, 2, 1, 6, 0, 8, 3, 5, 7};

  @Test
  void eachEpochHasEachImageOnceInAnotherOrder() {
    ImageOrder order = ImageOrder.forever(1000, SEED);
    int[] first = positions(order, 0, 1000);
    int[] second = positions(order, 1000, 2000);
    assertFalse(java.util.Arrays.equals(first, second));
    int[] all = IntStream.range(0, 1000).toArray();
    assertArrayEquals(all, IntStream.of(first).sorted().toArray());
    assertArrayEquals(all, IntStream.of(second).sorted().toArray());
  }

  @Test
  void epochIsReshuffledWithSeedPlusEpoch() {
    assertArrayEquals(
        positions(ImageOrder.forever(100, OptionalLong.of(45)), 0, 100),
        positions(ImageOrder.forever(100, SEED), 300, 400));
  }

  @Test
  void startsAnywhereWithTheSameResult() {
    int[] whole = positions(ImageOrder.forever(37, SEED), 0, 111);
    for (int start : new int[] {0, 1, 36, 37, 38, 80}) {
      assertArrayEquals(
          java.util.Arrays.copyOfRange(whole, start, 111),
          positions(ImageOrder.forever(37, SEED), start, 111),
          "from " + start);
    }
  }

  @Test
  void everyPlaceIsAboutEquallyLikely() {
    int[][] counts = new int[8][8];
    for (long seed = 0; seed < 8000; seed++) {
      ImageOrder order = ImageOrder.once(8, OptionalLong.of(seed));
      for (int position = 0; position < 8; position++) {
        counts[position][order.at(position)]++;
      }
    }
    for (int[] row : counts) {
      for (int count : row) {
        // 1,000 expected; five standard deviations are 148.
        assertTrue(count > 850 && count < 1150, "count " + count);
      }
    }
  }

  @Test
  void withoutSeedKeepsTheOrderOfTheSource() {
    ImageOrder order = new ImageOrder(3, OptionalLong.empty(), 7);
    assertArrayEquals(new int[] {0, 1, 2, 0, 1, 2, 0}, positions(order, 0, 7));
    assertFalse(order.isEndless());
    assertThrows(IndexOutOfBoundsException.class, () -> order.at(7));
    assertThrows(IndexOutOfBoundsException.class, () -> order.at(-1));
  }

  @Test
  void singleImageIsSentAgainAndAgain() {
    assertArrayEquals(new int[] {0, 0, 0}, positions(ImageOrder.forever(1, SEED), 0, 3));
    assertTrue(ImageOrder.forever(1, SEED).isEndless());
    assertThrows(IllegalArgumentException.class, () -> ImageOrder.once(0, SEED));
  }

  private static int[] positions(ImageOrder order, int from, int to) {
    return IntStream.range(from, to).map(order::at).toArray();
  }
}
