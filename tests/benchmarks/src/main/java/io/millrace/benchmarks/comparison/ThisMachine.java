package io.millrace.benchmarks.comparison;

import io.millrace.benchmarks.report.Context;
import io.millrace.model.kernel.KernelLookup;
import io.millrace.model.kernel.Kernels;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jdk.incubator.vector.FloatVector;

/** Finds out where figures are measured. */
public final class ThisMachine {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  /** The artifact whose version is an engine's. */
  private static final Map<String, String> ARTIFACTS = new LinkedHashMap<>();

  static {
    ARTIFACTS.put("Millrace", "millrace-model");
    ARTIFACTS.put("libtorch", "pytorch-native-cpu");
    ARTIFACTS.put("DJL", "pytorch-engine");
    ARTIFACTS.put("Deeplearning4j", "deeplearning4j-nn");
    ARTIFACTS.put("ONNX Runtime", "onnxruntime");
  }

  private ThisMachine() {}

  /** The context of now. */
  public static Context context() {
    Kernels kernels = KernelLookup.lookup();
    return new Context(
        processor(),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        System.getProperty("java.vm.name") + " " + Runtime.version(),
        FloatVector.SPECIES_PREFERRED.vectorBitSize(),
        kernels.name() + ", " + kernels.lanes() + " lanes",
        commit(),
        Instant.now().truncatedTo(ChronoUnit.MINUTES).toString(),
        engines());
  }

  private static Map<String, String> engines() {
    Map<String, String> versions = new LinkedHashMap<>();
    ARTIFACTS.forEach(
        (engine, artifact) -> version(artifact).ifPresent(v -> versions.put(engine, v)));
    return versions;
  }

  /** The version in the name of a jar on the class path. */
  private static Optional<String> version(String artifact) {
    Pattern jar = Pattern.compile(Pattern.quote(artifact) + "-(\\d.*)\\.jar");
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> jar.matcher(Path.of(entry).getFileName().toString()))
        .filter(Matcher::matches)
        .map(matcher -> matcher.group(1).replace("-linux-x86_64", ""))
        .findFirst();
  }

  private static String processor() {
    String fallback = System.getProperty("os.arch");
    if (!Files.isReadable(CPU_INFO)) {
      return fallback;
    }
    try (Stream<String> lines = Files.lines(CPU_INFO)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(fallback);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String commit() {
    Optional<String> head = git("rev-parse", "--short=12", "HEAD");
    boolean changed =
        git("status", "--porcelain", "--untracked-files=no").filter(s -> !s.isEmpty()).isPresent();
    return head.map(commit -> changed ? commit + "+" : commit).orElse("unknown");
  }

  /** What git prints; empty if there is no git, or no work tree where Millrace lies. */
  private static Optional<String> git(String... arguments) {
    String home = System.getProperty("millrace.home", ".");
    List<String> command =
        Stream.concat(Stream.of("git", "-C", home), Stream.of(arguments)).toList();
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0
          ? Optional.of(output)
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
