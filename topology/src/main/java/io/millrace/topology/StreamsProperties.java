package io.millrace.topology;

import io.millrace.model.spec.NetworkParameters;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.decode.RecordTime;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/** What Kafka Streams is told: Millrace's defaults, over which the user's own properties win. */
public final class StreamsProperties {

  /** Large enough for any dead letter that a topic of images can hold. */
  private static final int MAX_REQUEST_BYTES = 16 << 20;

  private StreamsProperties() {}

  /** State that a second of training may be interrupted for to be committed. */
  private static final long COMMIT_BYTES = 8 << 20;

  /** A weight and its velocity. */
  private static final int PARAMETER_BYTES = 2 * Float.BYTES;

  /** The defaults for a model, by property name. */
  public static Map<String, String> defaults(String model, NetworkSpec network) {
    long stateBytes = PARAMETER_BYTES * parameters(network);
    Map<String, String> defaults = new TreeMap<>();
    defaults.put(StreamsConfig.APPLICATION_ID_CONFIG, "millrace-" + model);
    defaults.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "localhost:9092");
    defaults.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    defaults.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, "1");
    // A commit sends the whole state, so a larger one is sent less often.
    long seconds = Math.max(1, Math.ceilDiv(stateBytes, COMMIT_BYTES));
    defaults.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, Long.toString(1000 * seconds));
    defaults.put(
        StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG, RecordTime.class.getName());
    defaults.put(
        StreamsConfig.STATE_DIR_CONFIG,
        Path.of(System.getProperty("user.home"), ".millrace", "state").toString());
    // A command must not wait for images: while training is paused, none are fetched.
    defaults.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, "-1");
    // The classic protocol: the newer one fails over only after the full session time-out.
    defaults.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, "classic");
    defaults.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, "true");
    // Streams does not leave its group when it stops, so this is also how long a restart waits.
    defaults.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), "6000");
    defaults.put(StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), "2000");
    defaults.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    defaults.put(
        StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
        Integer.toString(MAX_REQUEST_BYTES));
    // Room for a whole commit: the training thread must not wait for the network in the middle.
    defaults.put(
        StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG),
        Long.toString(Math.max(32L << 20, 2 * stateBytes)));
    return defaults;
  }

  private static long parameters(NetworkSpec network) {
    return NetworkParameters.list(network).stream()
        .mapToLong(parameter -> parameter.shape().elements())
        .sum();
  }

  /**
   * The properties of a learner.
   *
   * @throws IllegalArgumentException if the user's properties would break the guarantees
   */
  public static Properties of(LearnerConfig config) {
    Map<String, String> merged = defaults(config.model(), config.network());
    merged.putAll(config.kafka());
    String guarantee = merged.get(StreamsConfig.PROCESSING_GUARANTEE_CONFIG);
    if (!StreamsConfig.EXACTLY_ONCE_V2.equals(guarantee)) {
      throw new IllegalArgumentException(
          "kafka: processing.guarantee: expected exactly_once_v2, got "
              + guarantee
              + "; weights and offsets move in one transaction, so remove the setting");
    }
    Properties properties = new Properties();
    properties.putAll(merged);
    return properties;
  }

  /** What a plain client of the same cluster needs: its address and security. */
  static Map<String, String> client(LearnerConfig config) {
    Map<String, String> client = new TreeMap<>();
    new StreamsConfig(of(config))
        .getRestoreConsumerConfigs("millrace-" + config.model() + "-archive")
        .forEach((name, value) -> {
          if (value != null && ConsumerConfig.configNames().contains(name)) {
            client.put(name, value.toString());
          }
        });
    return client;
  }
}
