package io.millrace.app.doctor;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.LoggerFactory;

/**
 * Keeps what Kafka's clients log off the terminal while the doctor looks, and reads in it what they
 * tell nobody otherwise: which addresses the brokers gave for themselves that lead nowhere.
 */
final class ClientLog implements AutoCloseable {

  private static final Pattern UNREACHABLE =
      Pattern.compile("Connection to node -?\\d+ \\(([^)]+)\\) could not be established");

  private final Logger logger = (Logger) LoggerFactory.getLogger("org.apache.kafka.clients");
  private final boolean additive = logger.isAdditive();
  private final Set<String> unreachable = new TreeSet<>();
  private final AppenderBase<ILoggingEvent> reader =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          Matcher matcher = UNREACHABLE.matcher(event.getFormattedMessage());
          if (matcher.find()) {
            add(matcher.group(1).replaceFirst("^/", "").replaceFirst("/[^:]*", ""));
          }
        }
      };

  ClientLog() {
    reader.setContext(logger.getLoggerContext());
    reader.start();
    logger.addAppender(reader);
    // Whoever asks for Kafka's log gets it.
    if (!logger.getEffectiveLevel().equals(Level.INFO)) {
      logger.setAdditive(false);
    }
  }

  private synchronized void add(String address) {
    unreachable.add(address);
  }

  /** Addresses as {@code host:port} that were tried in vain, the ones given by hand included. */
  synchronized Set<String> unreachable() {
    return Set.copyOf(unreachable);
  }

  @Override
  public void close() {
    logger.setAdditive(additive);
    logger.detachAppender(reader);
    reader.stop();
  }
}
