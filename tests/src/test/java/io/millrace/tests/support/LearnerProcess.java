package io.millrace.tests.support;

import io.millrace.SnapshotManifest;
import io.millrace.topology.LearnerApplication;
import io.millrace.topology.config.TopicNames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A learner in a JVM of its own, for what one JVM can choose only once: its kernels and the width
 * of its vectors. It stops when its standard input ends.
 */
public final class LearnerProcess {

  private LearnerProcess() {}

  /** Runs the learner of {@code run} with JVM options until the snapshot of a step is published. */
  public static SnapshotManifest learnTo(
      long step, Run run, TestLearner learner, String... options) {
    try {
      Path log = Files.createTempFile("learner-process", ".log");
      Process process = start(run, learner, log, options);
      try {
        return run.awaitSnapshot(
            step,
            () -> {
              if (!process.isAlive()) {
                throw new AssertionError("the learner's process has ended: " + read(log));
              }
            });
      } finally {
        process.getOutputStream().close();
        process.waitFor();
        Files.delete(log);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the learner's process", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while the learner's process stops", e);
    }
  }

  private static Process start(Run run, TestLearner learner, Path log, String... options)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx512m");
    command.add("--add-modules=jdk.incubator.vector");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(LearnerProcess.class.getName());
    command.addAll(
        List.of(
            run.applicationId(),
            run.topics().images(),
            run.config().kafka().get("bootstrap.servers"),
            run.stateFolder().toString()));
    for (int number :
        new int[] {learner.batch(), learner.everySteps(), learner.retain(), learner.threads()}) {
      command.add(Integer.toString(number));
    }
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return "its log cannot be read: " + e;
    }
  }

  /** Arguments as {@link #start} gives them. */
  public static void main(String[] args) throws IOException {
    TopicNames topics = Cluster.topics(args[0], args[1]);
    TestLearner learner =
        new TestLearner(number(args[4]), number(args[5]), number(args[6]), number(args[7]));
    var config = learner.config(args[0], topics, args[2], Path.of(args[3]));
    try (LearnerApplication application = LearnerApplication.start(config)) {
      while (System.in.read() >= 0 && application.failure().isEmpty()) {
        // Whatever comes is no reason to stop.
      }
    }
  }

  private static int number(String text) {
    return Integer.parseInt(text);
  }
}
