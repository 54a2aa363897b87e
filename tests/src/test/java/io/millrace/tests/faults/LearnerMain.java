package io.millrace.tests.faults;

import io.millrace.SkipReason;
import io.millrace.tests.support.Cluster;
import io.millrace.topology.LearnerApplication;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.config.TopicNames;
import io.millrace.topology.learn.Observer;
import io.millrace.topology.learn.StreamTimes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.KafkaStreams;

/**
 * The program of a learner's JVM: the real learner, with its trap if it has one. It stops when its
 * standard input ends, and ends with status 1 when the learner stops by itself.
 */
final class LearnerMain {

  private LearnerMain() {}

  static List<String> arguments(
      Scenario scenario,
      String run,
      TopicNames topics,
      String bootstrapServers,
      Path stateFolder,
      List<String> trap) {
    List<String> arguments = new ArrayList<>();
    arguments.add(scenario.name());
    arguments.add(run);
    arguments.add(topics.images());
    arguments.add(bootstrapServers);
    arguments.add(stateFolder.toString());
    arguments.addAll(trap);
    return arguments;
  }

  /** Arguments as {@link #arguments} makes them. */
  public static void main(String[] args) throws Exception {
    TopicNames topics = Cluster.topics(args[1], args[2]);
    LearnerConfig config =
        Scenario.valueOf(args[0]).workload().config(args[1], topics, args[3], Path.of(args[4]));
    List<String> trap = List.of(args).subList(5, args.length);
    Trap.Watch watch = new Trap.Watch(Trap.parse(trap));
    LearnerApplication application =
        LearnerApplication.start(
            config,
            (topology, properties, clients) ->
                new KafkaStreams(
                    topology, properties, new WatchedClients(watch, topics.snapshots(), clients)),
            observer -> new WatchedObserver(observer, watch));
    Thread.ofPlatform().daemon().start(() -> closeAtEndOfInput(application));
    while (!application.awaitStopped(Duration.ofMinutes(1))) {
      // It learns.
    }
    if (application.failure().isPresent()) {
      application.close();
      System.exit(1);
    }
  }

  private static void closeAtEndOfInput(LearnerApplication application) {
    try {
      while (System.in.read() >= 0) {
        // Whatever comes is no reason to stop.
      }
    } catch (IOException e) {
      System.err.println("standard input broke off: " + e);
    }
    application.close();
  }

  private record WatchedObserver(Observer observer, Trap.Watch watch) implements Observer {
    @Override
    public void started(long step, long images) {
      observer.started(step, images);
    }

    @Override
    public void stepped(int batchSize) {
      observer.stepped(batchSize);
      watch.passing(Point.STEP);
    }

    @Override
    public void skipped(int batchSize, SkipReason reason, String message) {
      observer.skipped(batchSize, reason, message);
    }

    @Override
    public void paused(String reason) {
      observer.paused(reason);
    }

    @Override
    public void resumed() {
      observer.resumed();
    }

    @Override
    public void published(long version, long step) {
      observer.published(version, step);
    }

    @Override
    public double imagesPerSecond() {
      return observer.imagesPerSecond();
    }

    @Override
    public Map<String, Long> lag() {
      return observer.lag();
    }

    @Override
    public StreamTimes streamTimes() {
      return observer.streamTimes();
    }
  }
}
