package io.millrace.app.doctor;

import io.millrace.model.kernel.KernelLookup;
import io.millrace.model.kernel.Kernels;
import java.util.List;

/** Which kernels compute, and how wide their vectors are. */
final class KernelsCheck implements Check {

  /** What every x86 processor of the last ten years has. */
  private static final int USUAL_X86_BITS = 256;

  @Override
  public String subject() {
    return "kernels";
  }

  @Override
  public List<Finding> look() {
    Kernels kernels;
    try {
      kernels = KernelLookup.lookup();
    } catch (IllegalArgumentException | IllegalStateException e) {
      return List.of(
          fault(
              String.valueOf(e.getMessage()),
              "remove -D" + KernelLookup.PROPERTY + " from MILLRACE_JAVA_OPTIONS"));
    }
    int bits = kernels.lanes() * Float.SIZE;
    if (kernels.lanes() == 1) {
      return List.of(scalar(kernels));
    }
    String found = kernels.name() + ", " + bits + " bits (" + kernels.lanes() + " floats at once)";
    boolean x86 = System.getProperty("os.arch", "").matches("amd64|x86_64|x86");
    return List.of(
        x86 && bits < USUAL_X86_BITS
            ? warning(
                found + "; expected " + USUAL_X86_BITS + " or more on this processor",
                "let the virtual machine or container see AVX2; remove -XX:UseAVX and"
                    + " -XX:MaxVectorSize")
            : fine(found));
  }

  private Finding scalar(Kernels kernels) {
    boolean module = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    return warning(
        kernels.name()
            + " kernels, many times slower: "
            + (module
                ? KernelLookup.PROPERTY + "=" + System.getProperty(KernelLookup.PROPERTY, "")
                : "module jdk.incubator.vector is absent"),
        module
            ? "remove -D" + KernelLookup.PROPERTY + " from MILLRACE_JAVA_OPTIONS"
            : "start with ./millrace, or add --add-modules jdk.incubator.vector to java");
  }
}
