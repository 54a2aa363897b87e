package io.millrace.benchmarks.serving;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.benchmarks.processes.ChildJvm;
import io.millrace.serving.Answer;
import io.millrace.serving.ColdStart;
import io.millrace.serving.Predictor;
import io.millrace.serving.SnapshotSubscriber;
import io.millrace.serving.SubscriberConfig;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** A downstream program in a JVM of its own: ends after its first prediction. */
final class ColdStartProgram {
  /** What it took. */
  record Result(
      long version,
      long sinceJvmStartMs,
      long sinceSubscribedMs,
      long searchMs,
      long receivedBytes,
      long snapshotBytes,
      long topicRecords) {}

  private ColdStartProgram() {}

  /** Argument: the brokers. */
  public static void main(String[] arguments) throws Exception {
    SubscriberConfig config =
        new SubscriberConfig(
            Map.of("bootstrap.servers", arguments[0]),
            VersionPublisher.TOPIC,
            Optional.of(CountingModel.NAME),
            SubscriberConfig.DEFAULT_MAX_SNAPSHOT_BYTES);
    long subscribed = System.currentTimeMillis();
    try (Predictor predictor = new Predictor(Predictor.Options.defaults());
        SnapshotSubscriber subscriber = SnapshotSubscriber.start(config, predictor)) {
      var _ = subscriber.awaitFirst(Duration.ofSeconds(60));
      Answer answer = predictor.predict(CountingModel.ones());
      long now = System.currentTimeMillis();
      if (!Arrays.equals(CountingModel.answer(answer.version()), answer.probabilities())) {
        throw new IllegalStateException("not the answer of version " + answer.version());
      }
      ColdStart cost = subscriber.coldStart().orElseThrow();
      Result result =
          new Result(
              answer.version(),
              now - ManagementFactory.getRuntimeMXBean().getStartTime(),
              now - subscribed,
              cost.elapsedMs(),
              cost.receivedBytes(),
              cost.snapshotBytes(),
              cost.topicRecords());
      System.out.println(ChildJvm.RESULT + new ObjectMapper().writeValueAsString(result));
    }
  }
}
