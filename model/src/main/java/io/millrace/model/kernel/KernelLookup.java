package io.millrace.model.kernel;

import org.jspecify.annotations.Nullable;

/**
 * Picks the kernels of this JVM, once, and logs one line that says which and why.
 *
 * <p>The system property {@code millrace.kernels} decides: {@code auto} (the default: vector where
 * the module jdk.incubator.vector is there), {@code scalar} or {@code vector}.
 */
public final class KernelLookup {
  /** The system property that overrides the choice. */
  public static final String PROPERTY = "millrace.kernels";

  private static final String MODULE = "jdk.incubator.vector";
  private static final String ADVICE = "add --add-modules " + MODULE;

  private static @Nullable Kernels chosen;

  private KernelLookup() {}

  /**
   * The kernels of this JVM; the same at every call.
   *
   * @throws IllegalArgumentException if the property is none of auto, scalar, vector
   * @throws IllegalStateException if it is vector and the module is absent
   */
  public static synchronized Kernels lookup() {
    if (chosen == null) {
      Choice choice = choose(System.getProperty(PROPERTY, "auto"), modulePresent());
      System.getLogger(KernelLookup.class.getName()).log(System.Logger.Level.INFO, choice.line());
      chosen = choice.kernels();
    }
    return chosen;
  }

  /** A choice and the line that explains it. */
  record Choice(Kernels kernels, String why) {
    String line() {
      int lanes = kernels.lanes();
      return "kernels: "
          + kernels.name()
          + ", "
          + lanes
          + (lanes == 1 ? " lane (" : " lanes (")
          + why
          + ")";
    }
  }

  static Choice choose(String setting, boolean modulePresent) {
    return switch (setting) {
      case "scalar" -> new Choice(new ScalarKernels(), PROPERTY + "=scalar");
      case "vector" -> {
        if (!modulePresent) {
          throw new IllegalStateException(
              PROPERTY + "=vector: expected the module " + MODULE + ", got none; " + ADVICE);
        }
        yield new Choice(Vector.create(), PROPERTY + "=vector");
      }
      case "auto" ->
          modulePresent
              ? new Choice(Vector.create(), "module " + MODULE + " is there")
              : new Choice(
                  new ScalarKernels(),
                  "module " + MODULE + " is absent; " + ADVICE + " for the fast ones");
      default ->
          throw new IllegalArgumentException(
              PROPERTY + ": expected auto, scalar or vector, got " + setting);
    };
  }

  private static boolean modulePresent() {
    return ModuleLayer.boot().findModule(MODULE).isPresent();
  }

  /** Nothing but this class names the vector twin, so that it is not loaded without the module. */
  private static final class Vector {
    static Kernels create() {
      return new VectorKernels();
    }
  }
}
