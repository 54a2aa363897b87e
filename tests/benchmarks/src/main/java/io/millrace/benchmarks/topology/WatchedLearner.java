package io.millrace.benchmarks.topology;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.SkipReason;
import io.millrace.topology.LearnerApplication;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.learn.Observer;
import io.millrace.topology.learn.StreamTimes;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.processor.StateRestoreListener;

/**
 * A learner in a JVM of its own that says when it restores, steps and commits. Each line begins
 * with the event and the milliseconds since 1970.
 */
final class WatchedLearner {
  static final String STARTED = "started";
  static final String RESTORED = "restored";
  static final String STEPPED = "stepped";
  static final String COMMITTED = "committed";

  /** What a child is told. */
  record Plan(Where where, String state, int batch, String name, Map<String, String> kafka) {
    Plan {
      kafka = Map.copyOf(kafka);
    }
  }

  /** One line: what happened, when, and up to two numbers about it. */
  record Event(String name, long timeMs, long first, long second) {
    static Event of(String line) {
      String[] words = line.split(" ", -1);
      return new Event(
          words[0], Long.parseLong(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3]));
    }
  }

  private WatchedLearner() {}

  /** Argument: a {@link Plan} as JSON. Runs until its standard input ends. */
  public static void main(String[] arguments) throws JsonProcessingException {
    Plan plan = new ObjectMapper().readValue(arguments[0], Plan.class);
    LearnerConfig config =
        BenchLearner.config(
            plan.where(),
            States.of(plan.state()).network(),
            plan.batch(),
            plan.name(),
            plan.kafka());
    BenchLearner.createTopics(config);
    CommitMeter meter = new CommitMeter();
    say(STARTED, 0, 0);
    try (LearnerApplication _ =
        LearnerApplication.start(
            config,
            (topology, properties, clients) -> {
              KafkaStreams streams =
                  new KafkaStreams(topology, properties, new MeteredClients(meter, clients));
              streams.setGlobalStateRestoreListener(new Restoring());
              return streams;
            },
            observer -> new Watching(observer, meter))) {
      TalkingJvm.awaitEnd();
    }
  }

  private static void say(String event, long first, long second) {
    TalkingJvm.say(event + " " + System.currentTimeMillis() + " " + first + " " + second);
  }

  /** Says how long restoring took, in milliseconds, and how many entries it had. */
  private static final class Restoring implements StateRestoreListener {
    private final AtomicLong began = new AtomicLong();

    @Override
    public void onRestoreStart(TopicPartition partition, String store, long from, long end) {
      began.set(System.nanoTime());
    }

    @Override
    public void onBatchRestored(TopicPartition partition, String store, long end, long count) {}

    @Override
    public void onRestoreEnd(TopicPartition partition, String store, long total) {
      say(RESTORED, (System.nanoTime() - began.get()) / 1_000_000, total);
    }
  }

  /** Says the first step after each start, and each commit. */
  private static final class Watching implements Observer {
    private final Observer observer;
    private final CommitMeter meter;
    private boolean first = true;
    private int commits;

    Watching(Observer observer, CommitMeter meter) {
      this.observer = observer;
      this.meter = meter;
    }

    @Override
    public void started(long step, long images) {
      first = true;
      observer.started(step, images);
    }

    @Override
    public void stepped(int batchSize) {
      observer.stepped(batchSize);
      if (first) {
        first = false;
        say(STEPPED, 0, 0);
      }
      int now = meter.commits();
      if (now > commits) {
        commits = now;
        say(COMMITTED, commits, 0);
      }
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
