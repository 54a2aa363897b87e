package io.millrace.app.learner;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.config.provider.DirectoryConfigProvider;
import org.apache.kafka.common.config.provider.EnvVarConfigProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaClientsTest {

  @Test
  void everyClientGetsAddressSecurityAndTheSourcesOfSecrets() {
    assertEquals(
        Map.of(
            "bootstrap.servers", "broker:9093",
            "security.protocol", "SASL_SSL",
            "sasl.mechanism", "SCRAM-SHA-512",
            "ssl.truststore.location", "ca.pem",
            "config.providers", "file"),
        KafkaClients.properties(
            Map.of(
                "bootstrap.servers", "broker:9093",
                "security.protocol", "SASL_SSL",
                "sasl.mechanism", "SCRAM-SHA-512",
                "ssl.truststore.location", "ca.pem",
                "config.providers", "file",
                "application.id", "learner",
                "consumer.session.timeout.ms", "6000")));
  }

  @Test
  void aPasswordMayStandInTheEnvironment() {
    Map.Entry<String, String> variable =
        System.getenv().entrySet().stream()
            .filter(entry -> !entry.getValue().isEmpty())
            .findFirst()
            .orElseThrow();
    assertEquals(
        variable.getValue(),
        password("${env:" + variable.getKey() + "}", "env", EnvVarConfigProvider.class));
  }

  @Test
  void aPasswordMayBeAFileOfItsOwn(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("password"), "from a mounted secret");
    assertEquals(
        "from a mounted secret",
        password("${dir:" + folder + ":password}", "dir", DirectoryConfigProvider.class));
  }

  /** What a client takes for its password. */
  private static String password(String reference, String provider, Class<?> type) {
    Map<String, String> kafka =
        Map.of(
            "bootstrap.servers",
            "localhost:9092",
            "ssl.keystore.password",
            reference,
            "config.providers",
            provider,
            "config.providers." + provider + ".class",
            type.getName());
    return new AdminClientConfig(new HashMap<>(KafkaClients.properties(kafka)))
        .getPassword("ssl.keystore.password")
        .value();
  }
}
