package io.millrace.tests.faults;

import static org.junit.jupiter.api.Assertions.fail;

import io.millrace.app.broker.Seat;
import io.millrace.tests.support.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;

/** One broker or three, each in a process of its own that can be killed and started again. */
final class Brokers implements AutoCloseable {

  private static final Duration STOP = Duration.ofSeconds(60);

  private static final Map<String, String> SETTINGS =
      Map.of(
          "group.min.session.timeout.ms", "1000",
          // By default up to 15 s pass before a topic is compacted, and 10 s before a transaction
          // that has timed out is aborted.
          "log.cleaner.backoff.ms", "2000",
          "transaction.abort.timed.out.transaction.cleanup.interval.ms", "500");

  private final Path folder;
  private final Map<String, String> settings;
  private final List<Integer> ports;
  private final SortedMap<Integer, Integer> controllerPorts = new TreeMap<>();
  private final String clusterId = Uuid.randomUuid().toString();
  private final Map<Integer, ChildJvm> running = new HashMap<>();
  private final Admin admin;
  private String learnersBootstrap = "";

  private Brokers(int count, Path folder, Optional<String> learnersHost) {
    this.folder = folder;
    this.settings = new TreeMap<>(SETTINGS);
    List<Integer> free = freePorts(2 * count + 1);
    this.ports = free.subList(0, count);
    IntStream.range(0, count).forEach(i -> controllerPorts.put(i + 1, free.get(count + i)));
    learnersHost.ifPresent(host -> listenOn(host, free.getLast()));
    for (int node = 1; node <= count; node++) {
      launch(node);
    }
    controllerPorts.keySet().forEach(this::awaitReady);
    this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()));
  }

  /**
   * Starts brokers 1 to {@code count} in subfolders, and returns when clients can connect.
   *
   * @param learnersHost another address of this host, by which learners find a single broker
   */
  static Brokers start(int count, Path folder, Optional<String> learnersHost) {
    return new Brokers(count, folder, learnersHost);
  }

  /** A second listener, since a client is told to come back to the address of its listener. */
  private void listenOn(String host, int port) {
    String local = "PLAINTEXT://127.0.0.1:" + ports.getFirst();
    String learners = "LEARNERS://" + host + ":" + port;
    String controller = "CONTROLLER://127.0.0.1:" + controllerPorts.firstEntry().getValue();
    settings.put("listeners", local + "," + learners + "," + controller);
    settings.put("advertised.listeners", local + "," + learners);
    settings.put(
        "listener.security.protocol.map",
        "PLAINTEXT:PLAINTEXT,LEARNERS:PLAINTEXT,CONTROLLER:PLAINTEXT");
    learnersBootstrap = host + ":" + port;
  }

  String learnersBootstrap() {
    return learnersBootstrap.isEmpty() ? bootstrapServers() : learnersBootstrap;
  }

  String bootstrapServers() {
    return ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
  }

  int count() {
    return ports.size();
  }

  private void launch(int node) {
    Seat seat = new Seat(node, clusterId, controllerPorts);
    List<String> arguments =
        BrokerProcess.arguments(
            folder.resolve("broker-" + node), ports.get(node - 1), seat, settings);
    // A broker lives too short for the second compiler to be worth its time.
    ChildJvm.Launch launch =
        ChildJvm.Launch.of(BrokerProcess.class, arguments)
            .withOptions(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1"));
    running.put(node, ChildJvm.start(launch, folder.resolve("broker-" + node + ".log")));
  }

  private ChildJvm process(int node) {
    ChildJvm process = running.get(node);
    return process != null ? process : fail("broker " + node + ": expected to run, is stopped");
  }

  private void awaitReady(int node) {
    ChildJvm process = process(node);
    if (process.awaitMark(Eventually.DEADLINE).isEmpty()) {
      fail("broker " + node + " has not started: " + process.tail());
    }
  }

  void kill(int node) {
    process(node).kill();
    running.remove(node);
  }

  void stop(int node) {
    if (!process(node).stop(STOP)) {
      fail("broker " + node + ": expected to stop within " + STOP.toSeconds() + " s");
    }
    running.remove(node);
  }

  void restart(int node) {
    launch(node);
    awaitReady(node);
  }

  /** Waits until every partition has all of its copies again, so that the next fault is one. */
  void awaitInSync() {
    Eventually.await(
        "all copies in sync",
        () -> {
          List<String> behind = behind();
          return behind.isEmpty() ? Optional.of(true) : Optional.empty();
        },
        () -> behind().toString());
  }

  private List<String> behind() {
    List<String> behind = new ArrayList<>();
    for (TopicDescription topic : topics()) {
      for (TopicPartitionInfo partition : topic.partitions()) {
        if (partition.isr().size() < partition.replicas().size()) {
          behind.add(topic.name() + "-" + partition.partition());
        }
      }
    }
    return behind;
  }

  private Collection<TopicDescription> topics() {
    try {
      var names = admin.listTopics(new ListTopicsOptions().listInternal(true)).names().get();
      return admin.describeTopics(names).allTopicNames().get().values();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the brokers refused", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for the brokers", e);
    }
  }

  private static List<Integer> freePorts(int count) {
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        held.add(new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1")));
      }
      return held.stream().map(ServerSocket::getLocalPort).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("no free port", e);
    } finally {
      held.forEach(Brokers::release);
    }
  }

  private static void release(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot give a port back", e);
    }
  }

  /** Ends all at once: nobody reads the folder afterwards. */
  @Override
  public void close() {
    admin.close(Duration.ZERO);
    running.values().forEach(ChildJvm::kill);
  }
}
