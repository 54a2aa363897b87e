package io.millrace.app.broker;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A broker's place in a cluster of several, each of them broker and controller. The nodes find one
 * another by the ports of their controllers, so these are fixed before the first one starts.
 *
 * @param nodeId this broker's number, one of the keys of {@code controllerPorts}
 * @param clusterId the cluster's id, which all of its nodes are given
 * @param controllerPorts the controller's port of each node
 */
public record Seat(int nodeId, String clusterId, SortedMap<Integer, Integer> controllerPorts) {

  public Seat {
    controllerPorts = Collections.unmodifiableSortedMap(new TreeMap<>(controllerPorts));
    if (!controllerPorts.containsKey(nodeId)) {
      throw new BrokerException(
          "broker seat: expected node "
              + nodeId
              + " among the controllers, got "
              + controllerPorts.keySet()
              + "; give every node of the cluster the ports of all");
    }
  }

  /** The only seat of a cluster of one, at whatever port is free. */
  static Seat single(String clusterId, int controllerPort) {
    return new Seat(
        EmbeddedBroker.NODE_ID,
        clusterId,
        new TreeMap<>(Map.of(EmbeddedBroker.NODE_ID, controllerPort)));
  }

  int nodes() {
    return controllerPorts.size();
  }

  int controllerPort() {
    return controllerPorts.getOrDefault(nodeId, 0);
  }

  String voters() {
    return controllerPorts.entrySet().stream()
        .map(node -> node.getKey() + "@" + Ports.HOST + ":" + node.getValue())
        .collect(Collectors.joining(","));
  }
}
