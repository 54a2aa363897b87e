package io.millrace.app.broker;

import static io.millrace.app.data.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerTest {
  @Test
  void cleanRestartKeepsClusterPortTopicsAndTransactions(@TempDir Path folder) throws Exception {
    String clusterId;
    int port;
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder)) {
      clusterId = broker.clusterId();
      port = broker.port();
      BrokerClients.createTopic(broker.bootstrapServers(), "kept");
      BrokerClients.commit(broker.bootstrapServers(), "kept", "first-", 100);
      assertEquals(
          BrokerClients.values("first-", 100),
          BrokerClients.committed(broker.bootstrapServers(), "kept", 100));
      refusesToCreateTopicsByWriting(broker);
      usesTheCurrentTransactionProtocol(broker);
      refusesSecondBrokerOnTheSameFolder(folder);
      refusesTakenPort(folder.resolveSibling("other"), port);
    }
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder)) {
      assertEquals(clusterId, broker.clusterId());
      assertEquals(port, broker.port());
      BrokerClients.commit(broker.bootstrapServers(), "kept", "second-", 1);
      assertEquals(
          "second-0", BrokerClients.committed(broker.bootstrapServers(), "kept", 101).getLast());
    }
  }

  private static void refusesToCreateTopicsByWriting(EmbeddedBroker broker) {
    try (Producer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers(), "max.block.ms", "500"),
            new StringSerializer(),
            new StringSerializer())) {
      ExecutionException failure =
          assertThrows(
              ExecutionException.class,
              () -> producer.send(new ProducerRecord<>("absent", "value")).get());
      assertTrue(failure.getCause() instanceof TimeoutException, failure.toString());
    }
  }

  private static void usesTheCurrentTransactionProtocol(EmbeddedBroker broker) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      FinalizedVersionRange level =
          admin
              .describeFeatures()
              .featureMetadata()
              .get()
              .finalizedFeatures()
              .get("transaction.version");
      assertEquals(new FinalizedVersionRange((short) 2, (short) 2), level);
    }
  }

  private static void refusesSecondBrokerOnTheSameFolder(Path folder) {
    assertRefused(
        BrokerException.class,
        () -> EmbeddedBroker.start(folder),
        folder.toString(),
        "process " + ProcessHandle.current().pid());
  }

  private static void refusesTakenPort(Path folder, int port) {
    EmbeddedBroker.Options options = EmbeddedBroker.Options.of(folder).withPort(port);
    assertRefused(
        BrokerException.class,
        () -> EmbeddedBroker.start(options),
        "broker port " + port + ": expected a free port");
  }

  @Test
  void continuesAfterKillWithWhatWasCommittedAndNothingElse(@TempDir Path folder) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                KilledBroker.class.getName(),
                folder.toString())
            .redirectError(folder.resolveSibling("killed.log").toFile())
            .start();
    String[] ready;
    try (BufferedReader lines = process.inputReader()) {
      ready = String.valueOf(lines.readLine()).split(" ");
      assertEquals("ready", ready[0], () -> read(folder.resolveSibling("killed.log")));
      assertRefused(
          BrokerException.class, () -> EmbeddedBroker.start(folder), "process " + process.pid());
    } finally {
      process.destroyForcibly();
    }
    assertTrue(process.waitFor(10, TimeUnit.SECONDS));

    // The old port is taken by somebody else now: the cluster moves to another.
    int oldPort = Integer.parseInt(ready[2]);
    try (ServerSocket squatter = new ServerSocket()) {
      squatter.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), oldPort));
      try (EmbeddedBroker broker = EmbeddedBroker.start(folder)) {
        assertEquals(ready[1], broker.clusterId());
        assertNotEquals(oldPort, broker.port());
        String servers = broker.bootstrapServers();
        BrokerClients.commit(servers, KilledBroker.TOPIC, "after-", 1);
        List<String> found = BrokerClients.committed(servers, KilledBroker.TOPIC, 11);
        assertEquals(BrokerClients.values("kept-", 10), found.subList(0, 10));
        assertEquals(List.of("after-0"), found.subList(10, found.size()));
      }
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (java.io.IOException e) {
      return e.toString();
    }
  }

  @Test
  void faultsOfKafkaItselfBecomeExceptionsAndFreeTheFolder(@TempDir Path folder) {
    EmbeddedBroker.Options options =
        new EmbeddedBroker.Options(folder, 0, Map.of("log.segment.bytes", "many"));
    assertRefused(
        BrokerException.class,
        () -> EmbeddedBroker.start(options),
        folder.toString(),
        "log.segment.bytes");
    BrokerFolder.open(folder).close();
  }
}
