package io.millrace.tests.containers;

import com.github.dockerjava.api.DockerClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

/** One broker in a container, which keeps its port and its data when it is killed and started. */
final class BrokerContainer implements AutoCloseable {

  private static final int CLIENTS_PORT = 9092;

  private final KafkaContainer container;
  private final DockerClient docker = DockerClientFactory.instance().client();

  private BrokerContainer(KafkaContainer container) {
    this.container = container;
  }

  static BrokerContainer start() {
    KafkaContainer container =
        new KafkaContainer(ContainerImages.KAFKA)
            .withEnv(
                Map.of(
                    "KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false",
                    "KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS", "1000",
                    "KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS", "1",
                    "KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS", "1",
                    // A broker that was killed registers again when its old session is over.
                    "KAFKA_BROKER_SESSION_TIMEOUT_MS", "2000",
                    "KAFKA_BROKER_HEARTBEAT_INTERVAL_MS", "500"));
    // Docker would choose another port at each start, and clients would look for the first one.
    container.setPortBindings(List.of("127.0.0.1:" + freePort() + ":" + CLIENTS_PORT));
    container.start();
    return new BrokerContainer(container);
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("a free port", e);
    }
  }

  String bootstrapServers() {
    return container.getBootstrapServers();
  }

  /** Stops every thread of the broker where it is; its connections stay open. */
  void pause() {
    docker.pauseContainerCmd(container.getContainerId()).exec();
  }

  void resume() {
    docker.unpauseContainerCmd(container.getContainerId()).exec();
  }

  /** SIGKILL. */
  void kill() {
    docker.killContainerCmd(container.getContainerId()).exec();
  }

  /** Starts it again with the data that it had. */
  void startAgain() {
    docker.startContainerCmd(container.getContainerId()).exec();
  }

  @Override
  public void close() {
    container.stop();
  }
}
