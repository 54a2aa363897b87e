package io.millrace.benchmarks.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class FmaPeakTest {

  @Test
  void chainsOfEveryNumberAndWidthEndAtTwo() {
    assertEquals(16, FmaChains.chains8());
    assertEquals(24, FmaChains.chains12());
    assertEquals(32, FmaChains.chains16());
    assertEquals(16, FmaChains256.chains8());
    assertEquals(24, FmaChains256.chains12());
    assertEquals(32, FmaChains256.chains16());
  }

  @Test
  void everyWidthHasAPeak() {
    List<FmaPeak.Peak> peaks = FmaPeak.measure(2, 1, 6);
    assertEquals(FmaChains.SPECIES.vectorBitSize(), peaks.getFirst().vectorBits());
    assertEquals(FmaChains.SPECIES.vectorBitSize() > 256 ? 2 : 1, peaks.size());
    for (FmaPeak.Peak peak : peaks) {
      assertEquals(2, peak.threads());
      assertTrue(peak.gflops() > 0, peak::toString);
    }
  }
}
