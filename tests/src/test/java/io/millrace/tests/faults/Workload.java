package io.millrace.tests.faults;

import io.millrace.model.spec.LossSpec;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.spec.NodeSpec;
import io.millrace.model.spec.OperationSpec;
import io.millrace.model.tensor.Shape;
import io.millrace.tests.support.Images;
import io.millrace.tests.support.TestLearner;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.config.TopicNames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is learned while faults strike: a network with every kind of state (velocities, running
 * statistics, dropout's random numbers), and how fast images come.
 *
 * @param hidden units of the network's widest layer, which decides how large the state is
 * @param stepsPerSecond images come for so many minibatches a second, as long as the learner keeps
 *     up
 * @param flushRecords about how many changelog records a commit writes
 * @param snapshotRecords about how many records a snapshot has
 * @param kafka properties in which the workloads differ
 */
record Workload(
    int hidden,
    int batch,
    int everySteps,
    int stepsPerSecond,
    int flushRecords,
    int snapshotRecords,
    Map<String, String> kafka) {

  private static final int SLOW_WITHOUT_VECTORS = 100;
  private static final int KEEP_ALL = 100_000;

  /** 26,000 parameters and as many momenta: what a process loses is its place, not its state. */
  static Workload small() {
    return new Workload(16, 19, 8, 25, 35, 14, Map.of());
  }

  /** 5,000,000 parameters and as many momenta, so that a flush takes a while: 40 MB. */
  static Workload large() {
    return new Workload(3_000, 19, 15, 8, 170, 95, Map.of("commit.interval.ms", "1000"));
  }

  /**
   * JVM options for learners that are started again and again. Scalar kernels and the first
   * compiler alone halve the time that a start takes; a large network is too slow with them. The
   * learner that is not disturbed has neither option, so that equal results cover this, too.
   */
  List<String> quickStart() {
    return hidden > SLOW_WITHOUT_VECTORS
        ? List.of()
        : List.of("-Dmillrace.kernels=scalar", "-XX:TieredStopAtLevel=1");
  }

  Workload with(String property, Duration value) {
    Map<String, String> more = new TreeMap<>(kafka);
    more.put(property, Long.toString(value.toMillis()));
    return new Workload(
        hidden, batch, everySteps, stepsPerSecond, flushRecords, snapshotRecords, more);
  }

  Duration sessionTimeout() {
    return Duration.ofMillis(Long.parseLong(properties().getOrDefault(SESSION_TIMEOUT, "")));
  }

  static final String SESSION_TIMEOUT = "consumer.session.timeout.ms";

  private Map<String, String> properties() {
    Map<String, String> all = new TreeMap<>();
    all.put("commit.interval.ms", "100");
    // A dead learner stays in its group for this long, and its successor waits.
    all.put(SESSION_TIMEOUT, "1500");
    all.put("consumer.heartbeat.interval.ms", "400");
    all.put("producer.transaction.timeout.ms", "10000");
    // Restoring takes several turns, so that a fault can fall between two.
    all.put("restore.consumer.max.poll.records", "50");
    all.putAll(kafka);
    return all;
  }

  LearnerConfig config(String run, TopicNames topics, String bootstrapServers, Path stateFolder) {
    Map<String, String> all = new TreeMap<>(properties());
    all.put("bootstrap.servers", bootstrapServers);
    all.put("application.id", run);
    all.put("state.dir", stateFolder.toString());
    return new TestLearner(batch, everySteps, KEEP_ALL, 1).config(topics, network(), all);
  }

  private NetworkSpec network() {
    return new NetworkSpec(
        "faults",
        Shape.of(1, Images.SIDE, Images.SIDE),
        List.of(
            new NodeSpec("conv", OperationSpec.Conv2d.of(8, 3), List.of(NetworkSpec.INPUT)),
            new NodeSpec("norm", OperationSpec.BatchNorm2d.withDefaults(), List.of("conv")),
            new NodeSpec("relu1", new OperationSpec.Relu(), List.of("norm")),
            new NodeSpec("pool", OperationSpec.MaxPool2d.of(2), List.of("relu1")),
            new NodeSpec("flat", new OperationSpec.Flatten(), List.of("pool")),
            new NodeSpec("drop", new OperationSpec.Dropout(0.25f), List.of("flat")),
            new NodeSpec("wide", new OperationSpec.Linear(hidden, true), List.of("drop")),
            new NodeSpec("relu2", new OperationSpec.Relu(), List.of("wide")),
            new NodeSpec("narrow", new OperationSpec.Linear(100, true), List.of("relu2")),
            new NodeSpec("relu3", new OperationSpec.Relu(), List.of("narrow")),
            new NodeSpec("out", new OperationSpec.Linear(Images.CLASSES, true), List.of("relu3"))),
        LossSpec.SOFTMAX_CROSS_ENTROPY);
  }
}
