package io.millrace.app.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ChartsTest {

  @Test
  void barIsAsWideAsAskedForWhateverTheShare() {
    assertEquals("░░░░", Charts.bar(0, 4, true));
    assertEquals("██░░", Charts.bar(0.5, 4, true));
    assertEquals("████", Charts.bar(7, 4, true));
    assertEquals("░░░░", Charts.bar(Double.NaN, 4, true));
  }

  @Test
  void curveGoesFromTheLowestToTheHighest() {
    assertEquals("▁▅█", Charts.curve(new double[] {1, 2, 3}, 10, true));
    assertEquals("▁█", Charts.curve(new double[] {1, 1, 5, 5}, 2, true));
    assertEquals("▁▁", Charts.curve(new double[] {4, 4}, 10, true));
    assertEquals("", Charts.curve(new double[0], 10, true));
  }

  @Test
  void asciiIsEnough() {
    assertEquals("##..", Charts.bar(0.5, 4, false));
    assertEquals("_=#", Charts.curve(new double[] {1, 2, 3}, 10, false));
  }
}
