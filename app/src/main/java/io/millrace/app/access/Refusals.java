package io.millrace.app.access;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.resource.ResourceType;

/** One line for what a cluster refused: the resource, the right that was wanted, what to do. */
public final class Refusals {

  private static final String NEXT = "; ./millrace acls prints what each program needs";

  private Refusals() {}

  /** What to say, if a failure is a refusal or was caused by one. */
  public static Optional<String> explain(Throwable failure) {
    return explain(failure, List.of());
  }

  /**
   * What to say, if a failure is a refusal or was caused by one.
   *
   * @param needed the rights of the program that failed, by which the missing one is named
   */
  public static Optional<String> explain(Throwable failure, Collection<Acl> needed) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof AuthenticationException authentication) {
        return Optional.of(login(authentication));
      }
      if (cause instanceof AuthorizationException authorization) {
        return Optional.of(right(authorization, needed));
      }
    }
    return Optional.empty();
  }

  /** A refusal that concerns a topic, where it is known what was wanted of it. */
  public static String topic(String topic, AclOperation wanted) {
    return line("topic " + topic, wanted.name());
  }

  private static String login(AuthenticationException failure) {
    if (failure instanceof SslAuthenticationException) {
      return "TLS with the brokers: expected a handshake, got: "
          + innermost(failure)
          + "; correct ssl.truststore.* (whom this program trusts), ssl.keystore.* (what it shows"
          + " of itself) or the brokers' certificates";
    }
    return "login: expected brokers to accept it, got: "
        + failure.getMessage()
        + "; correct the user and password in sasl.jaas.config, or sasl.mechanism";
  }

  private static String right(AuthorizationException failure, Collection<Acl> needed) {
    return switch (failure) {
      case TopicAuthorizationException topic -> topics(topic, needed);
      case GroupAuthorizationException group ->
          line(
              "consumer group " + group.groupId(),
              operations(needed, acl -> acl.resource() == ResourceType.GROUP));
      case TransactionalIdAuthorizationException _ -> transactionalIds(needed);
      default -> line("cluster", "do this (" + failure.getMessage() + ")");
    };
  }

  /** Kafka names the topic, except where it is the creation of one that is refused. */
  private static String topics(TopicAuthorizationException failure, Collection<Acl> needed) {
    List<Acl> topics = needed.stream().filter(acl -> acl.resource() == ResourceType.TOPIC).toList();
    if (failure.unauthorizedTopics().isEmpty()) {
      Predicate<Acl> creation = acl -> acl.operation() == AclOperation.CREATE;
      String names =
          topics.stream()
              .filter(creation)
              .map(acl -> "topic " + acl.name())
              .collect(Collectors.joining(", "));
      return line(names.isEmpty() ? "a topic" : names, operations(topics, creation));
    }
    String first = failure.unauthorizedTopics().stream().sorted().findFirst().orElseThrow();
    return line(
        "topic " + first,
        operations(
            topics, acl -> acl.name().equals(first) && acl.operation() != AclOperation.CREATE));
  }

  /** Kafka does not say which id it was. */
  private static String transactionalIds(Collection<Acl> needed) {
    Predicate<Acl> matching = acl -> acl.resource() == ResourceType.TRANSACTIONAL_ID;
    String names =
        needed.stream()
            .filter(matching)
            .map(acl -> " that begin with " + acl.name())
            .collect(Collectors.joining());
    return line("transactional ids" + names, operations(needed, matching));
  }

  private static String operations(Collection<Acl> needed, Predicate<Acl> matching) {
    String names =
        needed.stream()
            .filter(matching)
            .map(acl -> acl.operation().name())
            .collect(Collectors.joining(" and "));
    return names.isEmpty() ? "use it" : names;
  }

  private static String line(String resource, String wanted) {
    String hint = wanted.equals(AclOperation.DESCRIBE.name()) ? " (READ and WRITE include it)" : "";
    return resource + ": expected the right to " + wanted + hint + ", got a refusal" + NEXT;
  }

  private static String innermost(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }
}
