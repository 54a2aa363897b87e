package io.millrace.tests.faults;

import static org.junit.jupiter.api.Assertions.fail;

import io.millrace.tests.support.Cluster;
import io.millrace.topology.config.TopicNames;
import io.millrace.topology.state.TrainingStateStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Carries out a schedule, and then learns from the same images without any fault. */
final class FaultRun {

  /** Without any progress: a start on a busy machine takes most of a minute. */
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private final Schedule schedule;
  private final Brokers brokers;
  private final Cluster cluster;
  private final Place place;
  private final String learnersBootstrap;
  private final Path logs;
  private final Map<FaultKind, Integer> struck = new EnumMap<>(FaultKind.class);

  /**
   * A run on brokers that others may use, too.
   *
   * @param learnersBootstrap where the learners find the brokers, which may be another address than
   *     the tests'
   * @param logs an existing folder for the learners' logs
   */
  FaultRun(
      Schedule schedule,
      Brokers brokers,
      Cluster cluster,
      Place place,
      String learnersBootstrap,
      Path logs) {
    this.schedule = schedule;
    this.brokers = brokers;
    this.cluster = cluster;
    this.place = place;
    this.learnersBootstrap = learnersBootstrap;
    this.logs = logs;
  }

  /** Never throws for what the run finds; that is among the result's problems. */
  RunResult execute() {
    long start = System.nanoTime();
    List<String> problems = new ArrayList<>();
    long steps = 0;
    long images = 0;
    int ended = 0;
    int fenced = 0;
    String run = cluster.newRun(schedule.scenario().text() + "-" + schedule.seed());
    String imagesTopic = cluster.createImages(run);
    try {
      Disturbed disturbed = disturb(run, imagesTopic);
      ended = disturbed.endedByThemselves();
      fenced = disturbed.fenced();
      Digest actual = disturbed.digest();
      steps = actual.steps();
      images = actual.images();
      actual.faults().forEach(fault -> problems.add("disturbed: " + fault));
      Digest expected = learnUndisturbed(run + "-undisturbed", imagesTopic, disturbed.sent());
      expected.faults().forEach(fault -> problems.add("undisturbed: " + fault));
      actual.differences(expected).forEach(part -> problems.add(part + " differ"));
    } catch (RuntimeException | AssertionError e) {
      problems.add(e.toString());
      e.printStackTrace();
    }
    long wallMs = (System.nanoTime() - start) / 1_000_000;
    return new RunResult(
        schedule.scenario(),
        schedule.seed(),
        struck,
        ended,
        fenced,
        steps,
        images,
        wallMs,
        problems);
  }

  private record Disturbed(Digest digest, Feed.Sent sent, int endedByThemselves, int fenced) {}

  private Disturbed disturb(String run, String imagesTopic) {
    TopicNames topics = cluster.createOutputs(run, imagesTopic);
    List<String> options = schedule.scenario().workload().quickStart();
    Instances instances = instances(run, topics, place, learnersBootstrap, options);
    try (CommittedSteps steps = new CommittedSteps(cluster, topics.metrics());
        Commander _ = Commander.start(schedule, cluster, topics)) {
      Feed feed = new Feed(cluster, imagesTopic, schedule.scenario().workload(), steps::newest);
      Scene scene = new Scene(instances, steps, feed);
      Injector injector = new Injector(schedule.scenario(), scene, brokers, place);
      for (Fault fault : schedule.faults()) {
        struck.merge(injector.strike(fault), 1, Integer::sum);
      }
      startAll(instances);
      Feed.Sent sent = feed.finish();
      scene.awaitSteps(sent.images() / schedule.scenario().workload().batch());
      awaitAllTaken(run, imagesTopic, sent, scene::check);
      instances.stopAll();
      Digest digest =
          Digest.of(cluster, run, topics, schedule.scenario(), sent.images(), sent.bad());
      return new Disturbed(digest, sent, instances.endedByThemselves(), instances.fenced());
    } finally {
      instances.killAll();
      deleteOutputs(run, topics);
    }
  }

  private Digest learnUndisturbed(String run, String imagesTopic, Feed.Sent sent) {
    TopicNames topics = cluster.createOutputs(run, imagesTopic);
    Path state = logs.resolve("undisturbed-state");
    Instances instances =
        instances(run, topics, new Place.Plain(state), cluster.bootstrapServers(), List.of());
    try (Commander _ = Commander.start(schedule, cluster, topics)) {
      instances.start(0, Optional.empty());
      awaitAllTaken(
          run,
          imagesTopic,
          sent,
          () -> {
            if (!instances.get(0).isAlive()) {
              fail("the undisturbed learner has ended: " + instances.get(0).tail());
            }
          });
      instances.stopAll();
      return Digest.of(cluster, run, topics, schedule.scenario(), sent.images(), sent.bad());
    } finally {
      instances.killAll();
      deleteOutputs(run, topics);
      Instances.delete(state);
    }
  }

  private Instances instances(
      String run, TopicNames topics, Place where, String bootstrap, List<String> options) {
    return new Instances(schedule.scenario(), run, topics, bootstrap, where, logs, options);
  }

  private void startAll(Instances instances) {
    for (int number = 0; number < schedule.scenario().instances(); number++) {
      if (!instances.isRunning(number)) {
        instances.start(number, Optional.empty());
      }
    }
  }

  /** Until the learner has committed that it is done with every record, dead letters included. */
  private void awaitAllTaken(String run, String topic, Feed.Sent sent, Runnable check) {
    await(
        () -> cluster.committed(run, topic),
        () -> cluster.committed(run, topic) >= sent.records(),
        check,
        run + ": " + sent.records() + " records taken in");
  }

  /** Waits for as long as there is progress. */
  static void await(Supplier<Long> progress, BooleanSupplier done, Runnable check, String what) {
    long best = progress.get();
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!done.getAsBoolean()) {
      check.run();
      long now = progress.get();
      if (now > best) {
        best = now;
        end = System.nanoTime() + PATIENCE.toNanos();
      }
      if (System.nanoTime() > end) {
        fail(
            what
                + ": expected progress within "
                + PATIENCE.toSeconds()
                + " s, got stuck at "
                + best);
      }
      Pause.ofMs(10);
    }
  }

  private void deleteOutputs(String run, TopicNames topics) {
    for (String topic :
        List.of(
            topics.metrics(),
            topics.snapshots(),
            topics.deadLetters(),
            topics.layers(),
            topics.journal(),
            topics.control(),
            topics.acknowledgements(),
            topics.aliases(),
            run + "-" + TrainingStateStore.NAME + "-changelog")) {
      deleteTopic(topic);
    }
  }

  private void deleteTopic(String topic) {
    try {
      cluster.delete(List.of(topic));
    } catch (IllegalStateException e) {
      System.err.println("topic " + topic + " stays: " + e.getCause());
    }
  }
}
