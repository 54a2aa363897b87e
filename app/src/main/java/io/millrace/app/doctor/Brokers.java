package io.millrace.app.doctor;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;

/** Questions to a cluster that change nothing there. */
final class Brokers implements AutoCloseable {

  private static final int REQUEST_TIMEOUT_MS = 3_000;
  private static final int API_TIMEOUT_MS = 5_000;

  private final Map<String, String> client;
  private final Admin admin;

  /**
   * Prepares a connection, which is made at the first question.
   *
   * @param client address and security
   * @throws KafkaException if they are no settings of a client
   */
  Brokers(Map<String, String> client) {
    this.client = Map.copyOf(client);
    Map<String, Object> settings = new HashMap<>(client);
    settings.put("request.timeout.ms", REQUEST_TIMEOUT_MS);
    settings.put("default.api.timeout.ms", API_TIMEOUT_MS);
    admin = Admin.create(settings);
  }

  Admin admin() {
    return admin;
  }

  /** Address and security. */
  Map<String, String> client() {
    return client;
  }

  /**
   * An answer.
   *
   * @throws KafkaException what the cluster said instead of one, or that it said nothing
   */
  static <T> T ask(KafkaFuture<T> question) {
    try {
      return question.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof KafkaException kafka) {
        throw kafka;
      }
      throw new KafkaException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException(e);
    }
  }

  /** A topic with what this program may do with it, or what was said instead of it. */
  record Told(Optional<TopicDescription> topic, Optional<ApiException> refusal) {
    static final Told NOTHING = new Told(Optional.empty(), Optional.empty());
  }

  /** Each topic, or what was said of it. */
  Map<String, Told> topics(Collection<String> names) {
    Map<String, Told> told = new TreeMap<>();
    var options = new DescribeTopicsOptions().includeAuthorizedOperations(true);
    admin
        .describeTopics(List.copyOf(names), options)
        .topicNameValues()
        .forEach((name, future) -> {
          try {
            told.put(name, new Told(Optional.of(ask(future)), Optional.empty()));
          } catch (ApiException e) {
            told.put(name, new Told(Optional.empty(), Optional.of(e)));
          }
        });
    return told;
  }

  /** A topic's or broker's settings by name. */
  Map<String, String> settings(ConfigResource.Type type, String name) {
    ConfigResource resource = new ConfigResource(type, name);
    Map<String, String> settings = new HashMap<>();
    for (Config config : ask(admin.describeConfigs(List.of(resource)).all()).values()) {
      for (ConfigEntry entry : config.entries()) {
        if (entry.value() != null) {
          settings.put(entry.name(), entry.value());
        }
      }
    }
    return settings;
  }

  /** A consumer group with what this program may do with it. */
  ConsumerGroupDescription group(String name) {
    var options = new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true);
    return ask(admin.describeConsumerGroups(List.of(name), options).all()).values().stream()
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
  }
}
