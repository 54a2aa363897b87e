package io.millrace.app.broker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.jspecify.annotations.Nullable;

/** The two ports of a broker on the loopback interface: for clients, and its controller's. */
record Ports(int broker, int controller) {
  static final String HOST = "127.0.0.1";

  /**
   * Picks ports that are free now.
   *
   * @param requested the clients' port, or 0 for any
   * @param last the port of the last run, taken when none is requested and it is free; 0 for none
   * @param controller the controller's port, or 0 for any
   * @throws BrokerException if a requested port is taken
   */
  static Ports choose(int requested, int last, int controller) {
    if (requested != 0 && !isFree(requested)) {
      throw taken(requested, null);
    }
    if (controller != 0 && !isFree(controller)) {
      throw taken(controller, null);
    }
    int wanted = requested != 0 ? requested : last != 0 && isFree(last) ? last : 0;
    // Both are held at once, so that they differ.
    try (ServerSocket broker = bind(wanted);
        ServerSocket quorum = bind(controller)) {
      return new Ports(broker.getLocalPort(), quorum.getLocalPort());
    } catch (IOException e) {
      throw new BrokerException(
          "broker port: expected two free ports on " + HOST + ", got " + e.getMessage(), e);
    }
  }

  static BrokerException taken(int port, @Nullable Throwable cause) {
    String message =
        "broker port "
            + port
            + ": expected a free port on "
            + HOST
            + ", got one that another process uses; stop that process or choose another port"
            + " (0 takes any)";
    return cause == null ? new BrokerException(message) : new BrokerException(message, cause);
  }

  boolean areFree() {
    return isFree(broker) && isFree(controller);
  }

  String address() {
    return HOST + ":" + broker;
  }

  String listeners() {
    return "PLAINTEXT://" + address() + ",CONTROLLER://" + HOST + ":" + controller;
  }

  private static boolean isFree(int port) {
    try (ServerSocket probe = bind(port)) {
      return probe.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  private static ServerSocket bind(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    try {
      // As Kafka does: connections of a killed broker that linger do not keep the port taken.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral(HOST), port));
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }
}
