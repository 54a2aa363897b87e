package io.millrace.tests.faults;

import io.millrace.tests.support.Cluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;

/**
 * Carries out a plan, two runs at a time. Runs share brokers, except for those that break the
 * brokers: these go one after another, on three of their own.
 */
final class FaultRuns implements AutoCloseable {

  private final Path folder;
  private final Path logs;
  private final Map<Schedule, CompletableFuture<Outcome>> results = new HashMap<>();
  private final Queue<Schedule> waiting = new ConcurrentLinkedQueue<>();
  private final Queue<Schedule> breaking = new ArrayDeque<>();
  private final List<Thread> lanes = new ArrayList<>();
  private final Optional<List<String>> namespaces = Namespaces.way();
  private final Shared shared;

  /** A result, or why there is none. */
  sealed interface Outcome {
    record Ran(RunResult result) implements Outcome {}

    record NotRun(String reason) implements Outcome {}
  }

  /**
   * Starts all runs.
   *
   * @param folder for the brokers and the learners' state; can be deleted afterwards
   * @param logs where the processes of each run log
   */
  FaultRuns(List<Schedule> schedules, Path folder, Path logs) {
    this.folder = folder;
    this.logs = logs;
    this.shared = new Shared(folder);
    for (Schedule schedule : schedules) {
      results.put(schedule, new CompletableFuture<>());
      (schedule.scenario().brokers() > 1 ? breaking : waiting).add(schedule);
    }
    lanes.add(
        Thread.ofPlatform()
            .start(() -> {
              runAll(breaking);
              runAll(waiting);
            }));
    lanes.add(Thread.ofPlatform().start(() -> runAll(waiting)));
  }

  Future<Outcome> result(Schedule schedule) {
    CompletableFuture<Outcome> result = results.get(schedule);
    if (result == null) {
      throw new IllegalArgumentException("not part of the plan: " + schedule);
    }
    return result;
  }

  private void runAll(Queue<Schedule> queue) {
    for (Schedule next = queue.poll(); next != null; next = queue.poll()) {
      CompletableFuture<Outcome> result = results.get(next);
      if (result == null) {
        continue;
      }
      try {
        Outcome outcome = run(next);
        print(next, outcome);
        result.complete(outcome);
      } catch (RuntimeException | AssertionError e) {
        result.completeExceptionally(e);
      }
    }
  }

  private static void print(Schedule schedule, Outcome outcome) {
    switch (outcome) {
      case Outcome.Ran ran -> {
        System.out.println(ran.result().line());
        if (!ran.result().equal()) {
          ran.result().problems().forEach(problem -> System.out.println("  " + problem));
          System.out.println("  replay: " + schedule.replay() + "\n  " + schedule.faults());
        }
      }
      case Outcome.NotRun notRun ->
          System.out.println(schedule.scenario().text() + ": not run: " + notRun.reason());
    }
  }

  private Outcome run(Schedule schedule) {
    Scenario scenario = schedule.scenario();
    Path runLogs = logs.resolve(scenario.text() + "-" + schedule.seed());
    Instances.delete(runLogs);
    createFolder(runLogs);
    if (scenario.isolated()) {
      return namespaces.isPresent()
          ? new Outcome.Ran(IsolatedRun.start(schedule, namespaces.get(), folder, runLogs))
          : new Outcome.NotRun("network and mount namespaces are not permitted here");
    }
    Path state = folder.resolve("state-" + scenario.text() + "-" + schedule.seed());
    Optional<Path> faketime = MovableClock.library();
    if (scenario == Scenario.CLOCK && faketime.isEmpty()) {
      return new Outcome.NotRun("libfaketime is not installed (Debian's package faketime)");
    }
    createFolder(state);
    try (Place place =
        scenario == Scenario.CLOCK
            ? new MovableClock(state, faketime.orElseThrow())
            : new Place.Plain(state)) {
      Shared.Broker on = shared.brokers(scenario.brokers());
      return new Outcome.Ran(
          new FaultRun(
                  schedule,
                  on.processes(),
                  on.cluster(),
                  place,
                  on.cluster().bootstrapServers(),
                  runLogs)
              .execute());
    } finally {
      Instances.delete(state);
    }
  }

  private static void createFolder(Path path) {
    try {
      Files.createDirectories(path);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a folder", e);
    }
  }

  @Override
  public void close() {
    for (Thread lane : lanes) {
      try {
        lane.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted while runs go on", e);
      }
    }
    shared.close();
  }

  /** Brokers that are started when the first run needs them. */
  private static final class Shared implements AutoCloseable {

    private record Broker(Brokers processes, Cluster cluster) {}

    private final Path folder;
    private final Map<Integer, Broker> started = new HashMap<>();

    Shared(Path folder) {
      this.folder = folder;
    }

    synchronized Broker brokers(int count) {
      return started.computeIfAbsent(count, this::start);
    }

    private Broker start(int count) {
      Path own = folder.resolve(count + "-brokers");
      createFolder(own);
      Brokers processes = Brokers.start(count, own, Optional.empty());
      return new Broker(processes, Cluster.of(processes.bootstrapServers(), own));
    }

    @Override
    public synchronized void close() {
      for (Broker broker : started.values()) {
        broker.cluster().close();
        broker.processes().close();
      }
    }
  }
}
