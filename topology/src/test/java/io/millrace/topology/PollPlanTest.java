package io.millrace.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.topology.config.LearnerConfig;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PollPlanTest {

  private static PollPlan plan(double stepMs, Map<String, String> kafka) {
    LearnerConfig config = SmallLearner.config(kafka);
    assertEquals(4, config.minibatch().size());
    return PollPlan.of(config, stepMs);
  }

  @Test
  void fastStepsLeaveKafkasIntervalAndTakeManyRecords() {
    assertEquals(
        Map.of(
            "main.consumer.max.poll.interval.ms", "300000",
            "main.consumer.max.poll.records", "2000",
            "producer.transaction.timeout.ms", "15000"),
        plan(1, Map.of()).properties());
    assertEquals("5000", plan(0.001, Map.of()).properties().get("main.consumer.max.poll.records"));
  }

  @Test
  void slowStepsGetTimeAndFewRecords() {
    PollPlan plan = plan(20_000, Map.of());
    assertEquals(
        Map.of(
            "main.consumer.max.poll.interval.ms", "400000",
            "main.consumer.max.poll.records", "4",
            "producer.transaction.timeout.ms", "401000"),
        plan.properties());
    assertEquals(List.of(), plan.warnings());
  }

  @Test
  void usersOwnValuesStayAndAreQuestioned() {
    PollPlan plan =
        plan(
            3_000,
            Map.of(
                "max.poll.interval.ms", "5000",
                "consumer.max.poll.records", "500",
                "producer.transaction.timeout.ms", "4000"));
    assertEquals(Map.of(), plan.properties());
    assertEquals(
        List.of(
            "kafka.max.poll.interval.ms is 5000, but a step of 4 images takes 3,000 ms, so the"
                + " learner will lose its task; set at least 60000, or a smaller minibatch.size",
            "kafka.max.poll.records is 500, but so many images take longer than the 5000 ms of"
                + " max.poll.interval.ms; set at most 4",
            "kafka.transaction.timeout.ms is 4000, but a transaction stays open for up to 7000 ms,"
                + " so it will be aborted; set at least 7000, or less of kafka.commit.interval.ms or"
                + " minibatch.size"),
        plan.warnings());
  }

  @Test
  void usersOwnValuesThatFitAreNotQuestioned() {
    Map<String, String> kafka =
        Map.of("main.consumer.max.poll.interval.ms", "60000", "max.poll.records", "100");
    PollPlan plan = plan(20, kafka);
    assertEquals(List.of(), plan.warnings());
    assertEquals(Map.of("producer.transaction.timeout.ms", "15000"), plan.properties());
  }

  @Test
  void whatIsNoNumberIsLeftForKafkaToRefuse() {
    Map<String, String> kafka = Map.of("max.poll.records", "many", "commit.interval.ms", "soon");
    assertEquals(List.of(), plan(1, kafka).warnings());
  }

  @Test
  void stepsTooSlowForAnyTransactionAreSaid() {
    List<String> warnings = plan(500_000, Map.of()).warnings();
    assertTrue(
        warnings.getFirst().startsWith("kafka.transaction.timeout.ms is 900000"),
        warnings::toString);
  }
}
