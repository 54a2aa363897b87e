package io.millrace.model.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KernelLookupTest {
  @ParameterizedTest
  @CsvSource({"auto,true,vector", "auto,false,scalar", "scalar,true,scalar", "vector,true,vector"})
  void choosesBySettingAndModule(String setting, boolean modulePresent, String expected) {
    assertEquals(expected, KernelLookup.choose(setting, modulePresent).kernels().name());
  }

  @Test
  void sayWhatToChangeWithoutTheModule() {
    assertEquals(
        "kernels: scalar, 1 lane (module jdk.incubator.vector is absent; add --add-modules"
            + " jdk.incubator.vector for the fast ones)",
        KernelLookup.choose("auto", false).line());
  }

  @Test
  void refusesVectorWithoutTheModule() {
    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> KernelLookup.choose("vector", false));
    assertEquals(
        "millrace.kernels=vector: expected the module jdk.incubator.vector, got none; add"
            + " --add-modules jdk.incubator.vector",
        e.getMessage());
  }

  @Test
  void refusesAnUnknownSetting() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> KernelLookup.choose("fast", true));
    assertEquals("millrace.kernels: expected auto, scalar or vector, got fast", e.getMessage());
  }

  @Test
  void givesTheSameKernelsAtEveryCall() {
    assertSame(KernelLookup.lookup(), KernelLookup.lookup());
  }

  @Test
  void runsWithoutTheModuleAndSaysSoOnce() throws IOException, InterruptedException {
    List<String> lines = lookupInOwnJvm(List.of());
    assertEquals("scalar", lines.getLast());
    assertEquals(
        1,
        lines.stream()
            .filter(line -> line.contains("add --add-modules jdk.incubator.vector"))
            .count(),
        lines::toString);
  }

  @Test
  void picksTheVectorTwinWithTheModuleAndSaysSoOnce() throws IOException, InterruptedException {
    List<String> lines = lookupInOwnJvm(List.of("--add-modules=jdk.incubator.vector"));
    assertEquals("vector", lines.getLast());
    assertEquals(
        1,
        lines.stream().filter(line -> line.contains("kernels: vector")).count(),
        lines::toString);
  }

  @Test
  void vectorTwinIsThereInTheTests() {
    assertInstanceOf(VectorKernels.class, new VectorKernels());
    assertTrue(new VectorKernels().lanes() > 1);
  }

  private static List<String> lookupInOwnJvm(List<String> flags)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), LookupProgram.class.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    byte[] output = process.getInputStream().readAllBytes();
    String text = new String(output, StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), text);
    return text.lines().toList();
  }

  /** Looks kernels up twice and prints their name. */
  static final class LookupProgram {
    private LookupProgram() {}

    public static void main(String[] args) {
      KernelLookup.lookup();
      System.out.println(KernelLookup.lookup().name());
    }
  }
}
