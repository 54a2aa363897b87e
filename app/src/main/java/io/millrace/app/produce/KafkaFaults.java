package io.millrace.app.produce;

import org.apache.kafka.common.KafkaException;

/** Messages for what goes wrong with any Kafka client. */
public final class KafkaFaults {
  private KafkaFaults() {}

  public static ProduceException noAnswer(String servers, Throwable cause) {
    return new ProduceException(
        "bootstrap servers "
            + servers
            + ": expected an answer of a broker, got none in time; start the broker, or correct"
            + " --bootstrap-servers or the security settings",
        cause);
  }

  /** A client that refuses its settings; Kafka tells the reason in the cause. */
  static ProduceException settings(String servers, KafkaException fault) {
    Throwable cause = fault.getCause() == null ? fault : fault.getCause();
    return new ProduceException(
        "Kafka settings (bootstrap.servers="
            + servers
            + "): expected settings that a client takes, got: "
            + cause.getMessage(),
        fault);
  }
}
