package io.millrace.tests.fuzz;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The fuzzer finds what it looks for: faults that were planted. */
class FuzzerTest {
  enum Planted {
    NOTHING(""),
    EXCEPTION("IllegalStateException"),
    STACK_OVERFLOW("StackOverflowError"),
    SLOWNESS("at most 1 s of processor time"),
    WASTE("at most 1048576 bytes allocated"),
    ENDLESSNESS("does not end");

    private final String finding;

    Planted(String finding) {
      this.finding = finding;
    }
  }

  /** Goes wrong where the third byte is even, which mutation brings about soon. */
  private record Target(Planted planted) implements FuzzTarget {
    private static final byte[] SEED = {1, 2, 3};

    @Override
    public String name() {
      return "planted";
    }

    @Override
    public int weight() {
      return 1;
    }

    @Override
    public List<byte[]> seeds() {
      return List.of(SEED);
    }

    @Override
    public long maxAllocationBytes() {
      return 1 << 20;
    }

    @Override
    public String allocationReason() {
      return "none";
    }

    @Override
    public byte[] input(SplittableRandom random) {
      return random.nextInt(20) == 0 ? new byte[] {1, 2, 4} : SEED;
    }

    @Override
    public Outcome run(byte[] input) {
      if (input[2] % 2 != 0) {
        return Outcome.ACCEPTED;
      }
      switch (planted) {
        case NOTHING -> {}
        case EXCEPTION -> throw new IllegalStateException("planted");
        case STACK_OVERFLOW -> throw new StackOverflowError();
        case SLOWNESS -> spin(1_100_000_000L);
        case WASTE -> input = new byte[(1 << 20) + input.length];
        case ENDLESSNESS -> spin(Long.MAX_VALUE);
      }
      return input.length > 0 ? Outcome.REJECTED : Outcome.ACCEPTED;
    }

    private static void spin(long nanos) {
      long start = FuzzProbe.cpuNanos(Thread.currentThread());
      while (FuzzProbe.cpuNanos(Thread.currentThread()) - start < nanos) {
        Thread.onSpinWait();
      }
    }
  }

  private static List<FuzzResult> fuzz(Planted planted, int threads, long inputs, Path folder)
      throws InterruptedException {
    return new Fuzzer(7, threads, folder, _ -> List.of(new Target(planted)), _ -> {})
        .run(inputs, _ -> {});
  }

  // The last one takes ten seconds of processor time by its nature: see the test below.
  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"NOTHING", "ENDLESSNESS"})
  void plantedFaultsAreFound(Planted planted, @TempDir Path folder) throws InterruptedException {
    long inputs = planted == Planted.SLOWNESS ? 20 : 100;
    var findings = fuzz(planted, 1, inputs, folder).getFirst().findings();
    assertEquals(1, findings.size(), findings.toString());
    var finding = findings.values().iterator().next();
    assertTrue(finding.fault().toString().contains(planted.finding), finding.toString());
    assertArrayEquals(new byte[] {1, 2, 4}, finding.input().bytes());
    assertArrayEquals(
        finding.input().bytes(), Fuzzer.input(new Target(planted), 7, finding.index()));
  }

  @Test
  void anInputThatDoesNotEndEndsTheTarget(@TempDir Path folder) throws InterruptedException {
    var fuzzer =
        new Fuzzer(7, 1, folder, _ -> List.of(new Target(Planted.ENDLESSNESS)), _ -> {})
            .withHangNanos(200_000_000);
    var findings = fuzzer.run(1000, _ -> {}).getFirst().findings();
    assertTrue(findings.keySet().iterator().next().contains("does not end"), findings.toString());
  }

  @Test
  void theNumberOfThreadsChangesNoCount(@TempDir Path folder) throws InterruptedException {
    String one = fuzz(Planted.EXCEPTION, 1, 1000, folder).getFirst().counts();
    assertEquals(one, fuzz(Planted.EXCEPTION, 3, 1000, folder).getFirst().counts());
    assertTrue(fuzz(Planted.NOTHING, 2, 1000, folder).getFirst().findings().isEmpty());
  }

  @Test
  void anInputComesBackFromItsFile(@TempDir Path folder) throws Exception {
    FuzzInput input = new FuzzInput("csv", new byte[] {'\n', '\n', 0, -1});
    Path file = folder.resolve("input");
    Files.write(file, input.toFile("seed: 1\n\nfault: a\n\nb"));
    assertEquals("csv", FuzzInput.read(file).target());
    assertArrayEquals(input.bytes(), FuzzInput.read(file).bytes());
    Files.writeString(file, "something else");
    assertThrows(IllegalArgumentException.class, () -> FuzzInput.read(file));
  }
}
