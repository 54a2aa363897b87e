package io.millrace.app.broker;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.List;

/** Drops warnings that every start and stop of a healthy embedded broker logs. */
public final class KafkaNoiseFilter extends Filter<ILoggingEvent> {
  private static final List<String> HARMLESS =
      List.of(
          // The only controller takes office, as at every start.
          "Performing controller activation",
          // The broker's channel to its own controller, closed twice at every stop.
          "Attempting to close NetworkClient that has already been closed");

  @Override
  public FilterReply decide(ILoggingEvent event) {
    if (event.getLevel() != Level.WARN || !event.getLoggerName().startsWith("org.apache.kafka.")) {
      return FilterReply.NEUTRAL;
    }
    String message = event.getFormattedMessage();
    return HARMLESS.stream().anyMatch(message::contains) ? FilterReply.DENY : FilterReply.NEUTRAL;
  }
}
