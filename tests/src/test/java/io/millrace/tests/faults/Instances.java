package io.millrace.tests.faults;

import static org.junit.jupiter.api.Assertions.fail;

import io.millrace.topology.config.TopicNames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The learners of a run, numbered, each a process with a state folder of its own. One that ends by
 * itself is started again, as a service manager would do.
 */
final class Instances {

  private static final Duration STOP = Duration.ofSeconds(60);
  private static final int MOST_ENDS = 20;
  private static final String FENCED = "Detected that the thread is being fenced";

  private final Scenario scenario;
  private final String run;
  private final TopicNames topics;
  private final String bootstrapServers;
  private final Place place;
  private final Path logs;
  private final List<String> options;
  private final Map<Integer, ChildJvm> running = new TreeMap<>();
  private int endedByThemselves;

  Instances(
      Scenario scenario,
      String run,
      TopicNames topics,
      String bootstrapServers,
      Place place,
      Path logs,
      List<String> moreOptions) {
    this.scenario = scenario;
    this.run = run;
    this.topics = topics;
    this.bootstrapServers = bootstrapServers;
    this.place = place;
    this.logs = logs;
    this.options = new ArrayList<>(List.of("-Xmx1g"));
    options.addAll(moreOptions);
  }

  String name() {
    return run;
  }

  boolean isRunning(int number) {
    return running.containsKey(number);
  }

  void start(int number, Optional<Trap> trap) {
    List<String> arguments =
        LearnerMain.arguments(
            scenario,
            run,
            topics,
            bootstrapServers,
            stateFolder(number),
            trap.map(Trap::arguments).orElse(List.of()));
    ChildJvm.Launch launch = ChildJvm.Launch.of(LearnerMain.class, arguments).withOptions(options);
    running.put(number, ChildJvm.start(place.in(launch), log(number)));
  }

  private Path stateFolder(int number) {
    return place.stateFolder().resolve(run + "-" + number);
  }

  private Path log(int number) {
    return logs.resolve(run + "-" + number + ".log");
  }

  ChildJvm get(int number) {
    ChildJvm process = running.get(number);
    return process != null ? process : fail("learner " + number + ": expected to run, is stopped");
  }

  void kill(int number) {
    get(number).kill();
    running.remove(number);
  }

  /** Stops cleanly. */
  void stop(int number) {
    ChildJvm process = get(number);
    if (!process.stop(STOP)) {
      fail("learner " + number + ": expected to stop when asked, got: " + process.tail());
    }
    running.remove(number);
  }

  void stopAll() {
    List.copyOf(running.keySet()).forEach(this::stop);
  }

  void killAll() {
    List.copyOf(running.keySet()).forEach(this::kill);
  }

  /** Starts again what has ended by itself. */
  void supervise() {
    for (int number : List.copyOf(running.keySet())) {
      ChildJvm process = get(number);
      if (!process.isAlive()) {
        endedByThemselves++;
        if (endedByThemselves > MOST_ENDS) {
          fail("learner " + number + " ends again and again: " + process.tail());
        }
        start(number, Optional.empty());
      }
    }
  }

  /** How often a learner has ended without being told to. */
  int endedByThemselves() {
    return endedByThemselves;
  }

  /** Deletes the state folder of an instance that does not run. */
  void deleteState(int number) {
    delete(stateFolder(number));
  }

  /** How often Kafka Streams has told a learner that the task is no longer its own. */
  int fenced() {
    int count = 0;
    for (int number = 0; Files.exists(log(number)); number++) {
      count += logText(number).split(FENCED, -1).length - 1;
    }
    return count;
  }

  /** All that an instance has logged. */
  String logText(int number) {
    try {
      return Files.readString(log(number));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read a learner's log", e);
    }
  }

  static void delete(Path tree) {
    if (!Files.exists(tree)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(tree)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + tree, e);
    }
  }
}
