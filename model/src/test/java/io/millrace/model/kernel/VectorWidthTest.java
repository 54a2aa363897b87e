package io.millrace.model.kernel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Sees that the kernel contract and the determinism test run in vectors as narrow as their
 * execution in the pom says, and not at full width because a flag went unheeded.
 */
@Tag("width")
class VectorWidthTest {
  /** The lanes of a float vector that the pom's flags leave. */
  private static final String MOST = "millrace.test.lanes";

  @Test
  void vectorsAreAsNarrowAsTheFlagsSay() {
    String architecture = System.getProperty("os.arch", "");
    if (!architecture.equals("amd64") && !architecture.equals("x86_64")) {
      String reason = "no flag -XX:UseAVX on " + architecture + ", so vectors keep their width";
      System.out.println("VectorWidthTest skipped: " + reason);
      Assumptions.abort(reason);
    }
    int most = Integer.getInteger(MOST, 0);
    int lanes = new VectorKernels().lanes();
    // Fewer where the machine itself has no more.
    assertTrue(
        lanes <= most,
        () ->
            "expected at most " + most + " lanes, got " + lanes + "; see argLine in model/pom.xml");
  }
}
