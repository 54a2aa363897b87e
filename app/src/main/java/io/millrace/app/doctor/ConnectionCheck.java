package io.millrace.app.doctor;

import io.millrace.app.access.Refusals;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;

/**
 * Whether the brokers can be reached, told apart by how far one gets: the name, the port, the
 * security protocol, the login, and the addresses that the brokers give for themselves.
 */
final class ConnectionCheck implements Check {

  private static final int TCP_TIMEOUT_MS = 2_000;

  private final Map<String, String> client;
  private final ClientLog log;
  private boolean reached;

  ConnectionCheck(Map<String, String> client, ClientLog log) {
    this.client = client;
    this.log = log;
  }

  @Override
  public String subject() {
    return "brokers";
  }

  /** Whether a cluster answered, once {@link #look} has returned. */
  boolean reached() {
    return reached;
  }

  @Override
  public List<Finding> look() {
    List<Finding> findings = new ArrayList<>();
    List<String> servers =
        Arrays.stream(client.getOrDefault("bootstrap.servers", "").split(",", -1))
            .map(String::strip)
            .filter(server -> !server.isEmpty())
            .toList();
    boolean open = false;
    for (String server : servers) {
      Optional<Finding> closed = tcp(server);
      closed.ifPresent(findings::add);
      open |= closed.isEmpty();
    }
    if (open) {
      findings.add(kafka(servers));
    } else if (servers.isEmpty()) {
      findings.add(fault("kafka.bootstrap.servers: expected HOST:PORT, got nothing", SET));
    }
    return findings;
  }

  private static final String SET = "set kafka.bootstrap.servers, or -b HOST:PORT";

  /** A fault of this server's, unless it takes connections. */
  private Optional<Finding> tcp(String server) {
    int colon = server.lastIndexOf(':');
    String port = server.substring(colon + 1);
    if (colon < 1 || !port.matches("\\d{1,5}") || Integer.parseInt(port) > 65_535) {
      return Optional.of(fault(server + ": expected HOST:PORT", SET));
    }
    String host = server.substring(0, colon).replace("[", "").replace("]", "");
    InetAddress address;
    try {
      address = InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      return Optional.of(
          fault(
              server + ": the name " + host + " stands for no address",
              "correct the name in kafka.bootstrap.servers, or /etc/hosts or DNS"));
    }
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, Integer.parseInt(port)), TCP_TIMEOUT_MS);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(
          fault(
              server + ": no connection: " + e.getMessage(),
              "start the broker (./millrace demo brings its own), or correct"
                  + " kafka.bootstrap.servers or the firewall"));
    }
  }

  private Finding kafka(List<String> servers) {
    String protocol = client.getOrDefault("security.protocol", "PLAINTEXT");
    String where = String.join(",", servers) + " by " + protocol;
    try (Brokers brokers = new Brokers(client)) {
      DescribeClusterResult cluster = brokers.admin().describeCluster();
      List<Node> nodes = List.copyOf(Brokers.ask(cluster.nodes()));
      for (Node node : nodes) {
        Optional<Finding> closed = tcp(node.host() + ":" + node.port());
        if (closed.isPresent()) {
          return advertised(node.host() + ":" + node.port(), where);
        }
      }
      reached = true;
      return fine(
          where
              + ": cluster "
              + Brokers.ask(cluster.clusterId())
              + ", "
              + nodes.size()
              + (nodes.size() == 1 ? " broker" : " brokers"));
    } catch (AuthenticationException e) {
      String said = Refusals.explain(e).orElse(String.valueOf(e.getMessage()));
      int cut = said.lastIndexOf("; ");
      return fault(
          where + ": " + (cut > 0 ? said.substring(0, cut) : said),
          e instanceof SslAuthenticationException
              ? "correct kafka.ssl.truststore.* (whom this program trusts), kafka.ssl.keystore.*"
                  + " (what it shows of itself) or the brokers' certificates"
              : "correct user and password in kafka.sasl.jaas.config, or kafka.sasl.mechanism");
    } catch (KafkaException e) {
      return noAnswer(servers, where, e);
    }
  }

  private Finding noAnswer(List<String> servers, String where, KafkaException e) {
    Optional<String> elsewhere =
        log.unreachable().stream().filter(address -> !servers.contains(address)).findFirst();
    if (elsewhere.isPresent()) {
      return advertised(elsewhere.get(), where);
    }
    if (e.getCause() != null && !(e instanceof ApiException)) {
      return fault(
          where + ": settings that no client takes: " + e.getCause().getMessage(),
          "correct kafka.security.protocol, kafka.ssl.* and kafka.sasl.*");
    }
    return fault(
        where + ": the port is open, but nothing there answers as a Kafka broker would",
        "correct kafka.security.protocol (PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL, as that"
            + " listener of the broker has it) or the port");
  }

  private Finding advertised(String address, String where) {
    return fault(
        where
            + ": the broker answers, but says of itself that it is at "
            + address
            + ", which"
            + " cannot be reached from here",
        "set advertised.listeners of the broker to an address that this machine can reach");
  }
}
