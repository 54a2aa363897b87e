package io.millrace.app.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class RangeTest {
  @Test
  void boundsAreInOrOut() {
    Range range = Range.openClosed(0, 1);
    assertEquals("a number in (0, 1]", range.toString());
    assertEquals(false, range.contains(0));
    assertEquals(true, range.contains(Double.MIN_VALUE));
    assertEquals(true, range.contains(1));
    assertEquals(false, range.contains(Math.nextUp(1.0)));
    assertEquals(false, range.contains(Double.NaN));
    assertEquals(false, Range.closedOpen(0, 1).contains(1));
    assertEquals(false, Range.atLeast(0).contains(Double.POSITIVE_INFINITY));
    assertEquals("a number of at least 0.5", Range.atLeast(0.5).toString());
    assertEquals("a number above 0", Range.above(0).toString());
  }

  @Test
  void numbersAreWrittenShortAndExactly() {
    assertEquals("0.0001", Range.text(1e-4));
    assertEquals("1.25E-7", Range.text(1.25e-7));
    assertEquals("0.1", Range.text(0.1));
    assertEquals("100000", Range.text(1e5));
    assertEquals("0.30000000000000004", Range.text(0.1 + 0.2));
  }
}
