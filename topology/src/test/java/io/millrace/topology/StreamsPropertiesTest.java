package io.millrace.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.millrace.topology.config.LearnerConfig;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StreamsPropertiesTest {

  @Test
  void aPlainClientHasAddressSecurityAndWhatIsSetForConsumers() {
    LearnerConfig config =
        SmallLearner.config(
            Map.of(
                "bootstrap.servers", "broker:9093",
                "security.protocol", "SSL",
                "ssl.truststore.location", "all.pem",
                "consumer.ssl.truststore.location", "consumers.pem",
                "config.providers", "file",
                "config.providers.file.class", "a.Provider",
                "commit.interval.ms", "600000"));
    Map<String, String> client = StreamsProperties.client(config);
    assertEquals("broker:9093", client.get("bootstrap.servers"));
    assertEquals("SSL", client.get("security.protocol"));
    assertEquals("consumers.pem", client.get("ssl.truststore.location"));
    assertEquals("a.Provider", client.get("config.providers.file.class"));
    assertFalse(client.containsKey("commit.interval.ms"), client::toString);
    assertFalse(client.containsKey("application.id"), client::toString);
  }

  @Test
  void commitsThatAreFurtherApartThanATransactionLastsAreLeftToThePollPlan() {
    LearnerConfig config = SmallLearner.config(Map.of("commit.interval.ms", "600000"));
    assertEquals("millrace-small", LearnerResources.of(config).group());
  }
}
