package io.millrace.topology;

import io.millrace.model.spec.NetworkParameters;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.topology.config.LabelJoinConfig;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.config.PredictConfig;
import io.millrace.topology.decode.RecordTime;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.AdminClientConfig;
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

  /** The defaults for a model's learner, by property name. */
  public static Map<String, String> defaults(String model, NetworkSpec network) {
    long stateBytes = PARAMETER_BYTES * parameters(network);
    Map<String, String> defaults = common();
    defaults.put(StreamsConfig.APPLICATION_ID_CONFIG, "millrace-" + model);
    defaults.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, "1");
    // A commit sends the whole state, so a larger one is sent less often.
    long seconds = Math.max(1, Math.ceilDiv(stateBytes, COMMIT_BYTES));
    defaults.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, Long.toString(1000 * seconds));
    // Room for a whole commit: the training thread must not wait for the network in the middle.
    defaults.put(
        StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG),
        Long.toString(Math.max(32L << 20, 2 * stateBytes)));
    return defaults;
  }

  /** The defaults of every program, by property name. */
  private static Map<String, String> common() {
    Map<String, String> defaults = new TreeMap<>();
    defaults.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "localhost:9092");
    defaults.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
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
    return exactlyOnce(defaults(config.model(), config.network()), config.kafka());
  }

  /**
   * The properties of predictions.
   *
   * @throws IllegalArgumentException if the user's properties would break the guarantees
   */
  public static Properties of(PredictConfig config) {
    Map<String, String> defaults = common();
    defaults.put(StreamsConfig.APPLICATION_ID_CONFIG, "millrace-" + config.model() + "-predict");
    // A network that takes seconds for an image still asks for records in time.
    defaults.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), "100");
    defaults.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, Integer.toString(config.threads()));
    return exactlyOnce(defaults, config.kafka());
  }

  /**
   * The properties of the join of labels.
   *
   * @throws IllegalArgumentException if the user's properties would break the guarantees
   */
  public static Properties of(LabelJoinConfig config) {
    Map<String, String> defaults = common();
    defaults.put(StreamsConfig.APPLICATION_ID_CONFIG, config.applicationId());
    defaults.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, Integer.toString(config.threads()));
    return exactlyOnce(defaults, config.kafka());
  }

  private static Properties exactlyOnce(Map<String, String> defaults, Map<String, String> user) {
    Map<String, String> merged = new TreeMap<>(defaults);
    merged.putAll(user);
    String guarantee = merged.get(StreamsConfig.PROCESSING_GUARANTEE_CONFIG);
    if (!StreamsConfig.EXACTLY_ONCE_V2.equals(guarantee)) {
      throw new IllegalArgumentException(
          "kafka: processing.guarantee: expected exactly_once_v2, got "
              + guarantee
              + "; records and offsets move in one transaction, so remove the setting");
    }
    Properties properties = new Properties();
    properties.putAll(merged);
    return properties;
  }

  /**
   * What a plain client of the same cluster needs: its address and security. Picked by name:
   * StreamsConfig would hold settings against each other that a {@link PollPlan} still completes.
   */
  static Map<String, String> client(LearnerConfig config) {
    String consumers = StreamsConfig.consumerPrefix("");
    Map<String, String> client = new TreeMap<>();
    Properties properties = of(config);
    for (String name : properties.stringPropertyNames()) {
      String plain = name.startsWith(consumers) ? name.substring(consumers.length()) : name;
      boolean common =
          AdminClientConfig.configNames().contains(plain) || plain.startsWith("config.providers");
      // What is set for consumers alone wins over what is set for all clients.
      if (common && (!plain.equals(name) || !client.containsKey(plain))) {
        client.put(plain, properties.getProperty(name));
      }
    }
    return client;
  }
}
