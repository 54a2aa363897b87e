package io.millrace.topology.config;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Picks out of a program's Kafka properties those that any client of the same cluster needs. */
public final class ClientProperties {

  private static final List<String> COMMON =
      List.of("bootstrap.servers", "security.", "ssl.", "sasl.", "client.dns.", "config.providers");

  private ClientProperties() {}

  /** The address, the security settings and where they may fetch secrets from. */
  public static Map<String, String> common(Map<String, String> kafka) {
    Map<String, String> properties = new TreeMap<>(kafka);
    properties.keySet().removeIf(name -> COMMON.stream().noneMatch(name::startsWith));
    return properties;
  }
}
