package io.millrace.app.broker;

import static io.millrace.app.data.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SeatTest {

  private static final TreeMap<Integer, Integer> CONTROLLERS =
      new TreeMap<>(Map.of(1, 9001, 2, 9002, 3, 9003));

  @Test
  void threeNodesKeepThreeCopiesAndWriteToTwo() {
    Seat seat = new Seat(2, "cluster", CONTROLLERS);
    Properties settings = BrokerSettings.of(Path.of("logs"), new Ports(9092, 9002), seat, Map.of());
    assertEquals("2", settings.get("node.id"));
    assertEquals(
        "1@127.0.0.1:9001,2@127.0.0.1:9002,3@127.0.0.1:9003",
        settings.get("controller.quorum.voters"));
    assertEquals("3", settings.get("default.replication.factor"));
    assertEquals("3", settings.get("transaction.state.log.replication.factor"));
    assertEquals("2", settings.get("min.insync.replicas"));
    assertEquals("2", settings.get("transaction.state.log.min.isr"));
  }

  @Test
  void aNodeThatIsNoneOfTheControllersIsRefused() {
    assertRefused(
        BrokerException.class,
        () -> new Seat(4, "cluster", CONTROLLERS),
        "expected node 4",
        "got [1, 2, 3]");
  }

  @Test
  void aBrokerWithoutASeatIsAClusterOfOne() {
    assertEquals(Optional.empty(), EmbeddedBroker.Options.of(Path.of("logs")).seat());
    assertEquals(1, Seat.single("cluster", 9001).nodes());
  }
}
