package io.millrace.app.learner;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Picks out of a learner's Kafka properties those that any client of the same cluster needs. */
public final class KafkaClients {

  private KafkaClients() {}

  /** The address, the security settings and where they may fetch secrets from. */
  public static Map<String, String> properties(Map<String, String> kafka) {
    Map<String, String> properties = new TreeMap<>();
    kafka.forEach((name, value) -> {
      boolean common =
          Stream.of(
                  "bootstrap.servers",
                  "security.",
                  "ssl.",
                  "sasl.",
                  "client.dns.",
                  "config.providers")
              .anyMatch(name::startsWith);
      if (common) {
        properties.put(name, value);
      }
    });
    return properties;
  }
}
