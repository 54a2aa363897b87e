package io.millrace.app.produce;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options with which a command reaches a Kafka cluster, for use as a picocli mixin. */
final class KafkaOptions {
  @Option(
      names = {"-b", "--bootstrap-servers"},
      paramLabel = "HOST:PORT",
      description = "Kafka brokers to start from. Default: localhost:9092.")
  private @Nullable String bootstrapServers;

  @Option(
      names = "--kafka-config",
      paramLabel = "FILE",
      description = "Kafka client settings as a properties file.")
  private @Nullable Path file;

  @Option(
      names = "--kafka",
      paramLabel = "KEY=VALUE",
      description = "One Kafka client setting; goes before the file. May be repeated.")
  private Map<String, String> settings = new LinkedHashMap<>();

  /**
   * File, then single settings, then --bootstrap-servers, each before the one ahead of it.
   *
   * @throws ProduceException if the file cannot be read
   */
  Map<String, String> toSettings() {
    Map<String, String> merged = new LinkedHashMap<>();
    merged.put("bootstrap.servers", "localhost:9092");
    if (file != null) {
      Properties read = read(file);
      read.stringPropertyNames().forEach(name -> merged.put(name, read.getProperty(name)));
    }
    merged.putAll(settings);
    Optional.ofNullable(bootstrapServers).ifPresent(b -> merged.put("bootstrap.servers", b));
    return merged;
  }

  private static Properties read(Path file) {
    Properties properties = new Properties();
    try (Reader text = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(text);
    } catch (IOException | IllegalArgumentException e) {
      throw new ProduceException(
          file + ": expected a properties file in UTF-8, got " + e + "; correct --kafka-config", e);
    }
    return properties;
  }
}
