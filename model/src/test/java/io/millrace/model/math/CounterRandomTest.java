package io.millrace.model.math;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class CounterRandomTest {
  private static final int SAMPLES = 200_000;

  /** The known answers of Random123 1.14, kat_vectors, lines "philox4x32 10". */
  @Test
  void matchesTheKnownAnswersOfRandom123() {
    assertArrayEquals(
        new int[] {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}, block(0L, 0L, 0, 0));
    assertArrayEquals(
        new int[] {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}, block(-1L, -1L, -1, -1));
    assertArrayEquals(
        new int[] {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1},
        block(0x299f31d0a4093822L, 0x0370734413198a2eL, 0x85a308d3, 0x243f6a88));
  }

  @Test
  void fourIndicesShareABlock() {
    for (int index = 0; index < 16; index++) {
      assertEquals(
          CounterRandom.philox(7, 8, 9, index / 4, index % 4), CounterRandom.bits(7, 8, 9, index));
    }
  }

  @Test
  void everyPartOfTheKeyChangesTheBits() {
    int bits = CounterRandom.bits(1, 2, 3, 4);
    assertNotEquals(bits, CounterRandom.bits(2, 2, 3, 4));
    assertNotEquals(bits, CounterRandom.bits(1 + (1L << 32), 2, 3, 4));
    assertNotEquals(bits, CounterRandom.bits(1, 3, 3, 4));
    assertNotEquals(bits, CounterRandom.bits(1, 2 + (1L << 32), 3, 4));
    assertNotEquals(bits, CounterRandom.bits(1, 2, 4, 4));
    assertNotEquals(bits, CounterRandom.bits(1, 2, 3, 5));
    assertEquals(bits, CounterRandom.bits(1, 2, 3, 4));
  }

  @Test
  void uniformFillsTheUnitIntervalEvenly() {
    int[] bins = new int[16];
    double sum = 0;
    for (int i = 0; i < SAMPLES; i++) {
      float u = CounterRandom.uniform(42, 1, 2, i);
      assertTrue(u >= 0 && u < 1, () -> "uniform: " + u);
      bins[(int) (u * bins.length)]++;
      sum += u;
    }
    assertEquals(0.5, sum / SAMPLES, 0.003);
    double expected = SAMPLES / (double) bins.length;
    double chiSquared = 0;
    for (int bin : bins) {
      chiSquared += (bin - expected) * (bin - expected) / expected;
    }
    // The 99.99 % quantile for 15 degrees of freedom.
    assertTrue(chiSquared < 44.3, "chi squared: " + chiSquared);
  }

  @Test
  void neighbouringStepsAndSitesAreUncorrelated() {
    double steps = 0;
    double sites = 0;
    for (int i = 0; i < SAMPLES; i++) {
      double centred = CounterRandom.uniform(42, 1, 2, i) - 0.5;
      steps += centred * (CounterRandom.uniform(42, 2, 2, i) - 0.5);
      sites += centred * (CounterRandom.uniform(42, 1, 3, i) - 0.5);
    }
    // The standard error is 1/12/sqrt(n), 1.9e-4.
    assertEquals(0, steps / SAMPLES, 8e-4);
    assertEquals(0, sites / SAMPLES, 8e-4);
  }

  @Test
  void gaussianHasTheMomentsOfTheStandardNormal() {
    double[] moments = new double[5];
    for (int i = 0; i < SAMPLES; i++) {
      double g = CounterRandom.gaussian(42, 0, 5, i);
      double power = 1;
      for (int k = 1; k <= 4; k++) {
        power *= g;
        moments[k] += power / SAMPLES;
      }
    }
    assertEquals(0, moments[1], 0.01);
    assertEquals(1, moments[2], 0.02);
    assertEquals(0, moments[3], 0.04);
    assertEquals(3, moments[4], 0.1);
  }

  @Test
  void gaussianBitsAreThoseOfEveryOtherMachine() {
    assertEquals(0.4919101219179081, CounterRandom.gaussian(42, 0, 5, 0));
    assertEquals(0.14757567079585768, CounterRandom.gaussian(42, 0, 5, 1));
  }

  @Test
  void gaussianRefusesANegativeIndex() {
    assertThrows(
        IllegalArgumentException.class,
        () -> CounterRandom.gaussian(0, 0, 0, -1),
        "negative index");
  }

  private static int[] block(long seed, long step, int site, int block) {
    int[] words = new int[4];
    for (int word = 0; word < words.length; word++) {
      words[word] = CounterRandom.philox(seed, step, site, block, word);
    }
    return words;
  }
}
