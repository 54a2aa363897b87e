package io.millrace.app.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.spi.FilterReply;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.junit.jupiter.api.Test;

class RefusalsTest {

  private static final String NEXT =
      ", got a refusal; ./millrace acls prints what each program needs";

  private static final List<Acl> NEEDED =
      List.of(
          Acl.topic("metrics", AclOperation.WRITE, ""),
          Acl.topic("changelog", AclOperation.WRITE, ""),
          Acl.topic("changelog", AclOperation.CREATE, ""),
          Acl.group("learner", AclOperation.READ, ""),
          Acl.transactionalIds("learner-", AclOperation.WRITE, ""));

  @Test
  void whatIsNoRefusalIsNotExplained() {
    assertEquals(Optional.empty(), Refusals.explain(new IllegalStateException("no")));
  }

  @Test
  void aRightIsNamedByWhatTheProgramNeeds() {
    assertEquals(
        "topic metrics: expected the right to WRITE" + NEXT,
        explain(new TopicAuthorizationException(Set.of("metrics"))));
    assertEquals(
        "consumer group learner: expected the right to READ" + NEXT,
        explain(GroupAuthorizationException.forGroupId("learner")));
    assertEquals(
        "transactional ids that begin with learner-: expected the right to WRITE" + NEXT,
        explain(
            new TransactionalIdAuthorizationException("Transactional Id authorization failed.")));
  }

  @Test
  void aTopicWithoutANameIsOneThatMayNotBeMade() {
    assertEquals(
        "topic changelog: expected the right to CREATE" + NEXT,
        explain(new TopicAuthorizationException("Authorization failed.")));
  }

  @Test
  void withoutAListTheResourceIsNamedAlone() {
    assertEquals(
        Optional.of("topic metrics: expected the right to use it" + NEXT),
        Refusals.explain(new TopicAuthorizationException(Set.of("metrics"))));
    assertEquals(
        Optional.of("cluster: expected the right to do this (no)" + NEXT),
        Refusals.explain(new ClusterAuthorizationException("no")));
  }

  @Test
  void aLoginIsExplainedByTheSettingsThatDecideIt() {
    assertEquals(
        "login: expected brokers to accept it, got: invalid credentials; correct the user and"
            + " password in sasl.jaas.config, or sasl.mechanism",
        explain(new SaslAuthenticationException("invalid credentials")));
    String tls =
        explain(
            new SslAuthenticationException(
                "SSL handshake failed", new SSLHandshakeException("No name matching broker")));
    assertTrue(
        tls.startsWith("TLS with the brokers: expected a handshake, got: No name matching"), tls);
  }

  /** As a thread of Kafka Streams hands it on. */
  private static String explain(RuntimeException refusal) {
    return Refusals.explain(new IllegalStateException("the thread dies", refusal), NEEDED)
        .orElseThrow();
  }

  @Test
  void logsKeepAllButTracesOfRefusals() {
    Throwable refusal = new IllegalStateException(new SaslAuthenticationException("no"));
    Throwable other = new IllegalStateException("broken");
    String streams = "org.apache.kafka.streams.KafkaStreams";
    assertEquals(FilterReply.DENY, decide(streams, Level.ERROR, refusal));
    assertEquals(FilterReply.NEUTRAL, decide(streams, Level.ERROR, other));
    assertEquals(FilterReply.NEUTRAL, decide(streams, Level.INFO, refusal));
    assertEquals(FilterReply.NEUTRAL, decide("io.millrace.app", Level.ERROR, refusal));
  }

  private static FilterReply decide(String logger, Level level, Throwable thrown) {
    LoggingEvent event = new LoggingEvent();
    event.setLoggerName(logger);
    event.setLevel(level);
    event.setMessage("stops");
    event.setThrowableProxy(new ThrowableProxy(thrown));
    return new RefusalNoiseFilter().decide(event);
  }
}
