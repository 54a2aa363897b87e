package io.millrace.tests.security;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** All that Kafka's clients and Millrace log, more than a user ever turns on. */
final class LogCapture implements AutoCloseable {

  private final Logger kafka = logger("org.apache.kafka");
  private final Logger millrace = logger("io.millrace");
  private final @Nullable Level kafkaLevel = kafka.getLevel();
  private final @Nullable Level millraceLevel = millrace.getLevel();
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          lines.add(event.getFormattedMessage());
          if (event.getThrowableProxy() != null) {
            lines.add(ThrowableProxyUtil.asString(event.getThrowableProxy()));
          }
        }
      };

  private LogCapture() {
    appender.start();
    for (Logger logger : new Logger[] {kafka, millrace}) {
      logger.addAppender(appender);
      logger.setAdditive(false);
    }
    kafka.setLevel(Level.INFO);
    millrace.setLevel(Level.DEBUG);
  }

  static LogCapture start() {
    return new LogCapture();
  }

  private static Logger logger(String name) {
    return (Logger) LoggerFactory.getLogger(name);
  }

  String text() {
    return String.join("\n", lines);
  }

  @Override
  public void close() {
    for (Logger logger : new Logger[] {kafka, millrace}) {
      logger.detachAppender(appender);
      logger.setAdditive(true);
    }
    kafka.setLevel(kafkaLevel);
    millrace.setLevel(millraceLevel);
  }
}
