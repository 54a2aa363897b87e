package io.millrace.app.access;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Drops what Kafka Streams and Kafka's admin client log, with traces, when a cluster refuses
 * something: the command ends, and says why in one line.
 */
public final class RefusalNoiseFilter extends Filter<ILoggingEvent> {

  private static final List<String> TALKATIVE =
      List.of(
          "org.apache.kafka.streams.",
          "org.apache.kafka.clients.admin.internals.AdminMetadataManager");

  private static final Pattern REFUSAL = Pattern.compile("Auth(oriz|entic)ationException");

  @Override
  public FilterReply decide(ILoggingEvent event) {
    boolean told =
        event.getLevel().isGreaterOrEqual(Level.WARN)
            && TALKATIVE.stream().anyMatch(event.getLoggerName()::startsWith);
    return told && isRefusal(event) ? FilterReply.DENY : FilterReply.NEUTRAL;
  }

  private static boolean isRefusal(ILoggingEvent event) {
    if (REFUSAL.matcher(event.getFormattedMessage()).find()) {
      return true;
    }
    for (IThrowableProxy cause = event.getThrowableProxy();
        cause != null;
        cause = cause.getCause()) {
      if (REFUSAL.matcher(cause.getClassName()).find()) {
        return true;
      }
    }
    return false;
  }
}
