package io.millrace.app.doctor;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.helpers.MessageFormatter;

/**
 * Keeps what Kafka's clients log off the terminal while the doctor looks, and reads in it what they
 * tell nobody otherwise: which addresses the brokers gave for themselves that lead nowhere.
 */
final class ClientLog extends TurboFilter implements AutoCloseable {

  private static final String CLIENTS = "org.apache.kafka.clients.";
  private static final Pattern UNREACHABLE =
      Pattern.compile("Connection to node -?\\d+ \\(([^)]+)\\) could not be established");

  private final LoggerContext logs = (LoggerContext) LoggerFactory.getILoggerFactory();
  private final Set<String> unreachable = new TreeSet<>();

  /** From now on, in front of all filters that the configuration of the log has. */
  ClientLog() {
    setContext(logs);
    start();
    logs.getTurboFilterList().addFirst(this);
  }

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      Object @Nullable [] parameters,
      @Nullable Throwable thrown) {
    if (format == null
        || !level.isGreaterOrEqual(Level.WARN)
        || !logger.getName().startsWith(CLIENTS)) {
      return FilterReply.NEUTRAL;
    }
    Matcher matcher =
        UNREACHABLE.matcher(
            String.valueOf(MessageFormatter.arrayFormat(format, parameters).getMessage()));
    if (matcher.find()) {
      add(matcher.group(1).replaceFirst("^/", "").replaceFirst("/[^:]*", ""));
    }
    // Whoever asks for Kafka's log gets it.
    return System.getenv("MILLRACE_KAFKA_LOG") == null ? FilterReply.DENY : FilterReply.NEUTRAL;
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
    logs.getTurboFilterList().remove(this);
    stop();
  }
}
