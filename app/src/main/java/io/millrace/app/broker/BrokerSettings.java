package io.millrace.app.broker;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/** The settings of a small broker, combined with its controller; sizes are in bytes. */
final class BrokerSettings {

  /** More copies than this protect no better, and a topic with fewer is lost with one disk. */
  private static final int MAX_COPIES = 3;

  private BrokerSettings() {}

  static Properties of(Path logs, Ports ports, Seat seat, Map<String, String> replaced) {
    Properties s = new Properties();
    s.put("process.roles", "broker,controller");
    s.put("node.id", Integer.toString(seat.nodeId()));
    s.put("controller.quorum.voters", seat.voters());
    s.put("listeners", ports.listeners());
    s.put("advertised.listeners", "PLAINTEXT://" + ports.address());
    s.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    s.put("inter.broker.listener.name", "PLAINTEXT");
    s.put("controller.listener.names", "CONTROLLER");
    s.put("log.dirs", logs.toString());
    s.put("auto.create.topics.enable", "false");
    s.put("group.initial.rebalance.delay.ms", "0");
    // A killed broker cannot register again before its old session has ended.
    s.put("broker.session.timeout.ms", "2000");
    s.put("broker.heartbeat.interval.ms", "500");
    String copies = Integer.toString(Math.min(seat.nodes(), MAX_COPIES));
    String inSync = Integer.toString(Math.min(seat.nodes(), MAX_COPIES - 1));
    s.put("default.replication.factor", copies);
    s.put("min.insync.replicas", inSync);
    for (String topic : new String[] {"offsets.topic", "transaction.state.log"}) {
      s.put(topic + ".num.partitions", "1");
      s.put(topic + ".replication.factor", copies);
    }
    s.put("transaction.state.log.min.isr", inSync);
    s.put("share.coordinator.state.topic.num.partitions", "1");
    s.put("share.coordinator.state.topic.replication.factor", copies);
    s.put("share.coordinator.state.topic.min.isr", inSync);
    // By default 128 MiB of heap for the cleaner and 10 MiB of index files for each partition.
    s.put("log.cleaner.dedupe.buffer.size", "33554432");
    s.put("log.index.size.max.bytes", "1048576");
    s.put("num.network.threads", "2");
    s.put("num.io.threads", "2");
    s.put("background.threads", "2");
    s.putAll(replaced);
    return s;
  }
}
