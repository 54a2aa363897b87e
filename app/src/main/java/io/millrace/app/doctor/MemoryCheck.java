package io.millrace.app.doctor;

import io.millrace.model.kernel.ScalarKernels;
import io.millrace.model.optimizer.ConstantSchedule;
import io.millrace.model.training.Learner;
import io.millrace.topology.config.LearnerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** The heap beside what the model needs, and beside what the container may use. */
final class MemoryCheck implements Check {

  /** Kafka's clients with their buffers, the records of a poll, and the program itself. */
  private static final long BESIDE_MODEL_BYTES = 160L << 20;

  /** State, its copy that is sent, and a snapshot on its way. */
  private static final int COPIES_OF_STATE = 3;

  /** The rest is for threads, compiled code, RocksDB and buffers outside the heap. */
  private static final double MOST_OF_CONTAINER = 0.8;

  private static final List<Path> LIMITS =
      List.of(
          Path.of("/sys/fs/cgroup/memory.max"),
          Path.of("/sys/fs/cgroup/memory/memory.limit_in_bytes"));

  private final LearnerConfig config;
  private final long heapBytes;
  private final OptionalLong limitBytes;

  MemoryCheck(LearnerConfig config) {
    this(config, Runtime.getRuntime().maxMemory(), containerLimit());
  }

  /**
   * A check of these figures.
   *
   * @param heapBytes the most that the heap may grow to
   * @param limitBytes what the container may use in all; empty for no limit
   */
  MemoryCheck(LearnerConfig config, long heapBytes, OptionalLong limitBytes) {
    this.config = config;
    this.heapBytes = heapBytes;
    this.limitBytes = limitBytes;
  }

  @Override
  public String subject() {
    return "memory";
  }

  @Override
  public List<Finding> look() {
    long needed;
    try {
      needed = neededBytes();
    } catch (OutOfMemoryError e) {
      return List.of(
          fault(
              "heap of at most " + text(heapBytes) + " does not hold " + config.network().name(),
              "MILLRACE_JAVA_OPTIONS=-Xmx with more, fewer threads or a smaller minibatch.size"));
    }
    String figures =
        "heap of at most "
            + text(heapBytes)
            + ", of which "
            + config.network().name()
            + " in minibatches of "
            + config.minibatch().size()
            + " needs about "
            + text(needed);
    List<Finding> findings = new ArrayList<>();
    if (heapBytes < needed) {
      findings.add(
          fault(
              figures,
              "MILLRACE_JAVA_OPTIONS=-Xmx"
                  + Math.ceilDiv(2 * needed, 1 << 20)
                  + "m, fewer threads or a smaller minibatch.size"));
    }
    if (limitBytes.isPresent() && heapBytes > MOST_OF_CONTAINER * limitBytes.getAsLong()) {
      findings.add(
          warning(
              "heap of at most "
                  + text(heapBytes)
                  + " in a container of "
                  + text(limitBytes.getAsLong())
                  + ", which is ended when it needs more",
              "MILLRACE_JAVA_OPTIONS=-XX:MaxRAMPercentage=60, or a larger limit"));
    }
    if (findings.isEmpty()) {
      findings.add(fine(figures));
    }
    return findings;
  }

  private long neededBytes() {
    try (Learner learner =
        Learner.create(
            config.network(),
            config.optimizer(),
            new ConstantSchedule(0.01),
            config.seed(),
            config.initialization(),
            config.minibatch().size(),
            config.threads(),
            new ScalarKernels())) {
      return BESIDE_MODEL_BYTES
          + learner.memory().total()
          + COPIES_OF_STATE * learner.memory().state();
    }
  }

  private static OptionalLong containerLimit() {
    for (Path file : LIMITS) {
      try {
        String text = Files.exists(file) ? Files.readString(file).strip() : "";
        // Without a limit it says "max", or in the older file a number beyond any memory.
        if (text.matches("\\d{1,15}")) {
          return OptionalLong.of(Long.parseLong(text));
        }
      } catch (IOException e) {
        return OptionalLong.empty();
      }
    }
    return OptionalLong.empty();
  }

  static String text(long bytes) {
    return bytes < 1L << 30
        ? String.format(Locale.ROOT, "%,d MiB", Math.ceilDiv(bytes, 1 << 20))
        : String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30));
  }
}
