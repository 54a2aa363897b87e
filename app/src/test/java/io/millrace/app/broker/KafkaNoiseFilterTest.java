package io.millrace.app.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.spi.FilterReply;
import org.junit.jupiter.api.Test;

class KafkaNoiseFilterTest {
  private static final String NOISE = "[QuorumController id=1] Performing controller activation.";

  @Test
  void dropsKnownNoiseOfKafkaAndNothingElse() {
    assertEquals(FilterReply.DENY, decide("org.apache.kafka.controller.Q", Level.WARN, NOISE));
    assertEquals(FilterReply.NEUTRAL, decide("org.apache.kafka.controller.Q", Level.ERROR, NOISE));
    assertEquals(FilterReply.NEUTRAL, decide("io.millrace.app", Level.WARN, NOISE));
    assertEquals(
        FilterReply.NEUTRAL,
        decide(
            "org.apache.kafka.clients.NetworkClient", Level.WARN, "Broker may not be available"));
  }

  private static FilterReply decide(String logger, Level level, String message) {
    LoggingEvent event = new LoggingEvent();
    event.setLoggerName(logger);
    event.setLevel(level);
    event.setMessage(message);
    return new KafkaNoiseFilter().decide(event);
  }
}
