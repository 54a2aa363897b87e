package io.millrace.app.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * Takes Kafka's known warnings away, and says in their place what an operator needs to know. All is
 * left as it is where a level for Kafka's log was asked for.
 */
public final class KafkaLogFilter extends TurboFilter {

  private static final String KAFKA = "org.apache.kafka.";
  private static final org.slf4j.Logger LOG = LoggerFactory.getLogger("io.millrace.kafka");

  private final LostBroker lostBroker = new LostBroker();
  private boolean asked;

  /** The level that was asked for, from logback.xml; empty if none was. */
  public void setLevelAskedFor(String level) {
    asked = !level.isBlank();
  }

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      Object @Nullable [] parameters,
      @Nullable Throwable thrown) {
    if (asked
        || format == null
        || !level.isGreaterOrEqual(Level.WARN)
        || !level.isGreaterOrEqual(logger.getEffectiveLevel())
        || !logger.getName().startsWith(KAFKA)) {
      return FilterReply.NEUTRAL;
    }
    return switch (KnownWarning.of(logger.getName(), format)) {
      case NONE -> FilterReply.NEUTRAL;
      case HARMLESS -> FilterReply.DENY;
      case NO_CONNECTION -> {
        lostBroker.failed(format, System.nanoTime()).ifPresent(LOG::warn);
        yield FilterReply.DENY;
      }
      case TASK_LOST -> {
        LOG.warn(
            "a commit did not reach the broker; its task is restored and what was not committed is"
                + " done again, nothing is lost");
        yield FilterReply.DENY;
      }
    };
  }
}
