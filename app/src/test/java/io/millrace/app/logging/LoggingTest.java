package io.millrace.app.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.read.ListAppender;
import ch.qos.logback.core.spi.FilterReply;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The configuration of the log as it ships, and what it takes away. */
class LoggingTest {

  private static final String NETWORK_CLIENT = "org.apache.kafka.clients.NetworkClient";
  private static final String REFUSED =
      "[Producer clientId=p] Connection to node -1 (localhost/127.0.0.1:9092) could not be"
          + " established. Node may not be available.";

  private static LoggerContext configured(Map<String, String> variables) throws Exception {
    LoggerContext context = new LoggerContext();
    context.setMDCAdapter(new LogbackMDCAdapter());
    variables.forEach(context::putProperty);
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(Objects.requireNonNull(LoggingTest.class.getResource("/logback.xml")));
    return context;
  }

  /** What the one appender would write for an event. */
  private static String written(Map<String, String> variables) throws Exception {
    LoggerContext context = configured(variables);
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    Iterator<Appender<ILoggingEvent>> appenders = root.iteratorForAppenders();
    var appender = (OutputStreamAppender<ILoggingEvent>) appenders.next();
    assertFalse(appenders.hasNext());
    ListAppender<ILoggingEvent> list = new ListAppender<>();
    list.start();
    root.addAppender(list);
    root.detachAppender(appender);
    context
        .getLogger("io.millrace.Event")
        .atInfo()
        .addKeyValue("version", 12)
        .addKeyValue("model", "shoes")
        .log("snapshot published");
    assertEquals(1, list.list.size());
    return new String(appender.getEncoder().encode(list.list.getFirst()), StandardCharsets.UTF_8);
  }

  @Test
  void textHasKeysAndValuesBehindTheMessage() throws Exception {
    String line = written(Map.of("MILLRACE_LOG", "INFO"));
    assertTrue(
        line.endsWith("snapshot published version=\"12\" model=\"shoes\"" + System.lineSeparator()),
        line);
  }

  @Test
  void jsonIsOneObjectALine() throws Exception {
    String line = written(Map.of("MILLRACE_LOG", "INFO", "MILLRACE_LOG_FORMAT", "json"));
    assertTrue(line.startsWith("{\"timestamp\":"), line);
    assertTrue(line.contains("\"level\":\"INFO\""), line);
    assertTrue(line.contains("\"formattedMessage\":\"snapshot published\""), line);
    assertTrue(line.contains("\"kvpList\": [{\"version\":\"12\"},{\"model\":\"shoes\"}]"), line);
    assertEquals(1, line.lines().count());
  }

  @Test
  void kafkasKnownWarningsAreTakenAwayUnlessTheyWereAskedFor() throws Exception {
    for (String asked : new String[] {"", "WARN"}) {
      LoggerContext context =
          configured(asked.isEmpty() ? Map.of() : Map.of("MILLRACE_KAFKA_LOG", asked));
      ListAppender<ILoggingEvent> list = new ListAppender<>();
      list.start();
      Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
      root.detachAndStopAllAppenders();
      root.addAppender(list);
      context.getLogger(NETWORK_CLIENT).warn(REFUSED);
      context.getLogger(NETWORK_CLIENT).warn("something that nobody has seen before");
      context.getLogger("org.apache.kafka.streams.StreamThread").error("a real problem");
      assertEquals(asked.isEmpty() ? 2 : 3, list.list.size(), list.list::toString);
      assertEquals("a real problem", list.list.getLast().getFormattedMessage());
    }
  }

  @Test
  void whatIsSentAgainIsKnownOnlyWhereTheNetworkIsToBlame() {
    String sender = "org.apache.kafka.clients.producer.internals.Sender";
    String retry = "[Producer] Got error produce response, retrying (9 attempts left). Error: ";
    assertEquals(KnownWarning.NO_CONNECTION, KnownWarning.of(sender, retry + "NETWORK_EXCEPTION"));
    assertEquals(KnownWarning.NONE, KnownWarning.of(sender, retry + "NOT_ENOUGH_REPLICAS"));
    assertEquals(KnownWarning.NONE, KnownWarning.of("org.example.Other", REFUSED));
  }

  @Test
  void whatIsBelowTheLevelIsNotLookedAt() {
    KafkaLogFilter filter = new KafkaLogFilter();
    LoggerContext context = new LoggerContext();
    Logger logger = context.getLogger(NETWORK_CLIENT);
    logger.setLevel(Level.ERROR);
    assertEquals(FilterReply.NEUTRAL, filter.decide(null, logger, Level.WARN, REFUSED, null, null));
    logger.setLevel(Level.WARN);
    assertEquals(FilterReply.DENY, filter.decide(null, logger, Level.WARN, REFUSED, null, null));
  }

  @Test
  void aBrokerThatIsAwayIsToldOfOnceAndThenEachMinute() {
    LostBroker lost = new LostBroker();
    long second = TimeUnit.SECONDS.toNanos(1);
    assertEquals(Optional.empty(), lost.failed(REFUSED, 0));
    assertEquals(Optional.empty(), lost.failed(REFUSED, second));
    String first = lost.failed(REFUSED, 3 * second).orElseThrow();
    assertTrue(first.startsWith("no broker answers at localhost/127.0.0.1:9092;"), first);
    for (int at = 4; at < 63; at++) {
      assertEquals(Optional.empty(), lost.failed(REFUSED, at * second));
    }
    assertTrue(lost.failed(REFUSED, 63 * second).orElseThrow().startsWith("still no broker"));
    // It was back for a while, and is away again.
    assertEquals(Optional.empty(), lost.failed(REFUSED, 100 * second));
    assertTrue(lost.failed(REFUSED, 103 * second).orElseThrow().startsWith("no broker"));
  }

  @Test
  void addressesAreFoundInBothWarnings() {
    LostBroker lost = new LostBroker();
    String bootstrap =
        "[Consumer] Bootstrap broker b1:9092 (id: -1 rack: null isFenced: false) disconnected";
    assertEquals(Optional.empty(), lost.failed(bootstrap, 0));
    String said = lost.failed(bootstrap, TimeUnit.SECONDS.toNanos(5)).orElseThrow();
    assertTrue(said.contains("at b1:9092;"), said);
  }
}
