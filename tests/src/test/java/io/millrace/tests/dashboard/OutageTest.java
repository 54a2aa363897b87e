package io.millrace.tests.dashboard;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.app.dashboard.Dashboard;
import io.millrace.app.dashboard.DashboardSettings;
import io.millrace.tests.support.Cluster;
import io.millrace.tests.support.Eventually;
import io.millrace.tests.support.Images;
import io.millrace.tests.support.Run;
import io.millrace.tests.support.TestLearner;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker that goes away and comes back while somebody looks. */
@Timeout(240)
class OutageTest {
  private static final TestLearner LEARNER = TestLearner.withDefaults();

  @TempDir Path folder;

  private EmbeddedBroker broker(int port) {
    return EmbeddedBroker.start(
        new EmbeddedBroker.Options(
            folder.resolve("broker"), port, Map.of("group.min.session.timeout.ms", "1000")));
  }

  private static JsonNode awaitAfter(
      PageClient.Events events, String name, int seen, java.util.function.Predicate<JsonNode> is) {
    return Eventually.await(
        "event " + name,
        () -> events.all(name).stream().skip(seen).filter(is).findFirst(),
        () -> events.all(name).stream().skip(seen).toList().toString());
  }

  @Test
  void thePageSaysThatTheBrokerIsAwayAndGoesOnWhenItIsBack() throws Exception {
    EmbeddedBroker broker = broker(0);
    int port = Integer.parseInt(broker.bootstrapServers().split(":", 2)[1]);
    String images;
    Run run;
    try (Cluster cluster = Cluster.of(broker.bootstrapServers(), folder)) {
      images = cluster.createImages(cluster.newRun("outage"));
      run = Run.of(cluster, "outage", LEARNER, images);
      cluster.send(Images.records(images, 0, 5 * LEARNER.batch()));
      run.learnTo(5);
    }
    try (Dashboard dashboard = Dashboard.start(DashboardSettings.local(run.config(), 0));
        PageClient page = new PageClient(dashboard.url());
        PageClient.Events events = page.events()) {
      events.await("status", "connected", event -> event.get("connected").asBoolean());
      events.await("metrics", "step 5", event -> event.at("/latest/step").asLong() == 5);
      int seen = events.all("status").size();
      broker.close();
      JsonNode away =
          awaitAfter(events, "status", seen, event -> !event.get("connected").asBoolean());
      assertFalse(away.get("error").asText().isEmpty(), away::toString);
      assertTrue(away.get("since").asLong() > 0);
      // What was there is still there.
      assertTrue(page.json("/api/history?seconds=900").get("points").size() > 0);

      int seenAway = events.all("status").size();
      try (EmbeddedBroker again = broker(port);
          Cluster cluster = Cluster.of(again.bootstrapServers(), folder)) {
        awaitAfter(events, "status", seenAway, event -> event.get("connected").asBoolean());
        cluster.send(Images.records(images, 5 * LEARNER.batch(), 10 * LEARNER.batch()));
        Run same = run;
        try (var application = same.start()) {
          cluster.awaitCommitted(
              run.applicationId(),
              images,
              10L * LEARNER.batch(),
              () -> application.failure().ifPresent(OutageTest::fail));
        }
        events.await("metrics", "step 10", event -> event.at("/latest/step").asLong() == 10);
        List<Long> steps = events.collect("metrics", event -> event.at("/latest/step").asLong());
        assertTrue(steps.stream().sorted().toList().equals(steps), steps::toString);
      }
    } finally {
      broker.close();
    }
  }

  private static void fail(Throwable cause) {
    throw new AssertionError("the learner stopped by itself", cause);
  }
}
