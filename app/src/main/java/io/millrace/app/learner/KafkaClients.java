package io.millrace.app.learner;

import io.millrace.topology.config.ClientProperties;
import java.util.Map;

/** Picks out of a learner's Kafka properties those that any client of the same cluster needs. */
public final class KafkaClients {

  private KafkaClients() {}

  /** The address, the security settings and where they may fetch secrets from. */
  public static Map<String, String> properties(Map<String, String> kafka) {
    return ClientProperties.common(kafka);
  }
}
