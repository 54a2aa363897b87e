package io.millrace.app.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;

/** Whether the cluster has the brokers and the version that transactions need. */
final class ClusterCheck implements Check {

  private static final String TRANSACTION_VERSION = "transaction.version";
  private static final int BEST_TRANSACTION_VERSION = 2;

  private final Brokers brokers;

  ClusterCheck(Brokers brokers) {
    this.brokers = brokers;
  }

  @Override
  public String subject() {
    return "cluster";
  }

  @Override
  public List<Finding> look() {
    List<Finding> findings = new ArrayList<>();
    List<Node> nodes = List.copyOf(Brokers.ask(brokers.admin().describeCluster().nodes()));
    try {
      Map<String, String> settings =
          brokers.settings(ConfigResource.Type.BROKER, nodes.getFirst().idString());
      needs(findings, settings, nodes.size(), "transaction.state.log", "transactions");
      needs(findings, settings, nodes.size(), "offsets.topic", "consumer groups");
    } catch (AuthorizationException e) {
      findings.add(unknown("the brokers' settings may not be read (DESCRIBE_CONFIGS on cluster)"));
    }
    FinalizedVersionRange version =
        Brokers.ask(brokers.admin().describeFeatures().featureMetadata())
            .finalizedFeatures()
            .get(TRANSACTION_VERSION);
    int level = version == null ? 0 : version.maxVersionLevel();
    if (level < BEST_TRANSACTION_VERSION) {
      findings.add(
          warning(
              TRANSACTION_VERSION + " " + level + ": a killed learner may leave a transaction open",
              "kafka-features.sh --bootstrap-server HOST:PORT upgrade --feature "
                  + TRANSACTION_VERSION
                  + "="
                  + BEST_TRANSACTION_VERSION
                  + " (brokers of Kafka 4.0 or newer)"));
    }
    if (findings.isEmpty()) {
      findings.add(fine("transactions can be kept, " + TRANSACTION_VERSION + " " + level));
    }
    return findings;
  }

  /** An internal topic that wants more copies than there are brokers cannot be made or written. */
  private void needs(
      List<Finding> findings, Map<String, String> settings, int nodes, String prefix, String what) {
    String copiesKey = prefix + ".replication.factor";
    int copies = Integer.parseInt(settings.getOrDefault(copiesKey, "1"));
    // The topic of offsets has no limit of its own.
    String leastKey =
        settings.containsKey(prefix + ".min.isr") ? prefix + ".min.isr" : "min.insync.replicas";
    int least = Integer.parseInt(settings.getOrDefault(leastKey, "1"));
    if (copies > nodes || least > nodes) {
      findings.add(
          fault(
              what
                  + " are not possible: "
                  + copiesKey
                  + " is "
                  + copies
                  + " and "
                  + leastKey
                  + " "
                  + least
                  + " with "
                  + nodes
                  + (nodes == 1 ? " broker" : " brokers"),
              "start more brokers, or set both to at most " + nodes + " in server.properties"));
    }
  }
}
