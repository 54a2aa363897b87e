package io.millrace.benchmarks.topology;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.benchmarks.topology.WatchedLearner.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;

/** Starts learners in JVMs of their own, stops and kills them, and looks at the clock. */
final class FailOver {
  private static final Duration EVENT_WITHIN = Duration.ofSeconds(150);

  /** A stopped learner stays in its group until its session ends, so it is waited for. */
  private static final Duration SESSION = Duration.ofSeconds(7);

  private static final Duration TOGETHER = Duration.ofSeconds(15);
  private static final Duration TURN = Duration.ofMillis(100);
  private static final long RECENT_MS = 500;

  /** What restoring took. */
  record Restored(
      String state, long entries, long restoreMs, long startToStepMs, long jvmToStepMs) {}

  /**
   * What a fail-over took.
   *
   * @param bytesPerSecond that the brokers let each client read; empty for no limit
   * @param restoreMs part of it; -1 where nothing had to be restored
   */
  record Taken(int standbys, OptionalLong bytesPerSecond, long ms, long restoreMs) {}

  private final Where where;
  private final int batch;

  FailOver(Where where, int batch) {
    this.where = where;
    this.batch = batch;
  }

  /** Restores what {@link CommitCost} has left. */
  Restored restore(String state) throws IOException {
    sleep(SESSION);
    long began = System.currentTimeMillis();
    try (TalkingJvm jvm = start(state, CommitCost.defaultName(state), "restored", Map.of())) {
      Event started = await(jvm, WatchedLearner.STARTED);
      Event restored = await(jvm, WatchedLearner.RESTORED);
      Event stepped = await(jvm, WatchedLearner.STEPPED);
      return new Restored(
          state,
          restored.second(),
          restored.first(),
          stepped.timeMs() - started.timeMs(),
          stepped.timeMs() - began);
    }
  }

  /**
   * Kills the one of two learners that trains; the other goes on where it was.
   *
   * @param bytesPerSecond that the brokers let each client read, as a far cluster does; empty for
   *     no limit
   */
  Taken kill(String state, int standbys, OptionalLong bytesPerSecond) throws IOException {
    quota(bytesPerSecond);
    try {
      return killed(state, standbys, bytesPerSecond);
    } finally {
      quota(OptionalLong.empty());
    }
  }

  private void quota(OptionalLong bytesPerSecond) {
    Double limit = bytesPerSecond.isPresent() ? (double) bytesPerSecond.getAsLong() : null;
    var everybody =
        new ClientQuotaEntity(Collections.singletonMap(ClientQuotaEntity.CLIENT_ID, null));
    var change =
        new ClientQuotaAlteration(
            everybody, List.of(new ClientQuotaAlteration.Op("consumer_byte_rate", limit)));
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", where.servers()))) {
      admin
          .alterClientQuotas(List.of(change))
          .all()
          .toCompletionStage()
          .toCompletableFuture()
          .join();
    }
  }

  private Taken killed(String state, int standbys, OptionalLong bytesPerSecond) throws IOException {
    String name = "failover-" + standbys + (bytesPerSecond.isPresent() ? "-far" : "");
    Map<String, String> kafka = Map.of("num.standby.replicas", Integer.toString(standbys));
    try (TalkingJvm first = start(state, name, "first", kafka)) {
      var _ = await(first, WatchedLearner.COMMITTED);
      try (TalkingJvm second = start(state, name, "second", kafka)) {
        var _ = await(second, WatchedLearner.STARTED);
        // Until both are in the group, and the standby, if there is one, has the state.
        sleep(TOGETHER);
        boolean firstTrains = trains(first, second);
        TalkingJvm killed = firstTrains ? first : second;
        long now = System.currentTimeMillis();
        killed.kill();
        return taken(firstTrains ? second : first, standbys, bytesPerSecond, now);
      }
    }
  }

  /**
   * Waits for a commit of one of two, so that no transaction is torn in its middle; Kafka Streams
   * may have moved the task to the second when that joined.
   *
   * @return whether it was the first
   */
  private static boolean trains(TalkingJvm first, TalkingJvm second) throws IOException {
    long end = System.nanoTime() + EVENT_WITHIN.toNanos();
    Predicate<String> committed =
        line ->
            Event.of(line).name().equals(WatchedLearner.COMMITTED)
                && System.currentTimeMillis() - Event.of(line).timeMs() < RECENT_MS;
    while (System.nanoTime() < end) {
      if (first.poll(committed, TURN).isPresent()) {
        return true;
      }
      if (second.poll(committed, TURN).isPresent()) {
        return false;
      }
    }
    throw new IOException("fail-over: expected one of two learners to commit, got no commit");
  }

  private static Taken taken(
      TalkingJvm second, int standbys, OptionalLong bytesPerSecond, long killed)
      throws IOException {
    long[] restoreMs = {-1};
    String line =
        second.await(
            said -> {
              Event event = Event.of(said);
              if (event.name().equals(WatchedLearner.RESTORED) && event.timeMs() >= killed) {
                restoreMs[0] = event.first();
              }
              return event.name().equals(WatchedLearner.STEPPED) && event.timeMs() >= killed;
            },
            EVENT_WITHIN);
    return new Taken(standbys, bytesPerSecond, Event.of(line).timeMs() - killed, restoreMs[0]);
  }

  private TalkingJvm start(String state, String name, String process, Map<String, String> kafka)
      throws IOException {
    Map<String, String> properties = new HashMap<>(kafka);
    properties.put("state.dir", where.stateFolder(name + "-" + process).toString());
    return TalkingJvm.start(
        List.of(),
        WatchedLearner.class,
        List.of(
            new ObjectMapper()
                .writeValueAsString(
                    new WatchedLearner.Plan(where, state, batch, name, properties))));
  }

  private static Event await(TalkingJvm jvm, String name) throws IOException {
    return Event.of(jvm.await(line -> Event.of(line).name().equals(name), EVENT_WITHIN));
  }

  private static void sleep(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a learner is measured", e);
    }
  }
}
