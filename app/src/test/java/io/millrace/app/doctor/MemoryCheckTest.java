package io.millrace.app.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.app.learner.LearnerConfigFile;
import io.millrace.app.yaml.ConfigReader;
import io.millrace.topology.config.LearnerConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MemoryCheckTest {

  private static final long MIB = 1L << 20;

  private final LearnerConfig config =
      LearnerConfigFile.load(
              ConfigReader.withoutFile("test", List.of("network=lenet5", "threads=1")),
              Path.of("").toAbsolutePath())
          .config();

  @Test
  void enoughIsFine() {
    List<Finding> findings = new MemoryCheck(config, 1024 * MIB, OptionalLong.empty()).look();
    assertEquals(1, findings.size());
    assertInstanceOf(Finding.Fine.class, findings.getFirst());
  }

  @Test
  void aHeapBelowWhatTheModelNeedsIsAFault() {
    Finding finding = new MemoryCheck(config, 64 * MIB, OptionalLong.empty()).look().getFirst();
    assertInstanceOf(Finding.Fault.class, finding);
    assertTrue(finding.mend().contains("-Xmx"), finding.mend());
  }

  @Test
  void aHeapAsLargeAsItsContainerIsAWarning() {
    Finding finding =
        new MemoryCheck(config, 1024 * MIB, OptionalLong.of(1024 * MIB)).look().getFirst();
    assertInstanceOf(Finding.Warning.class, finding);
    assertTrue(finding.mend().contains("MaxRAMPercentage"), finding.mend());
  }
}
