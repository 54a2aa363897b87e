package io.millrace.app.learner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.app.yaml.ConfigException;
import io.millrace.app.yaml.ConfigReader;
import io.millrace.app.yaml.YamlFile;
import io.millrace.model.optimizer.LinearWarmup;
import io.millrace.model.optimizer.MultiStep;
import io.millrace.topology.StreamsProperties;
import io.millrace.topology.config.LabelJoinConfig;
import io.millrace.topology.config.LearnerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LearnerConfigFileTest {

  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();

  @Test
  void everyDefaultIsPrintedAndReadBackAsTheSame() {
    LearnerConfigFile.Loaded defaults = load("network: networks/small-cnn.yaml");
    LearnerConfigFile.Loaded again = load(defaults.yaml());
    assertEquals(defaults.yaml(), again.yaml());
    assertEquals("small-cnn", again.config().model());
    assertEquals(defaults.config().optimizer(), again.config().optimizer());
    assertEquals(defaults.config().kafka(), again.config().kafka());
  }

  @Test
  void readsEverySectionIntoItsRecord() {
    LearnerConfig config =
        load("""
        model: shoes
        network: networks/lenet5.yaml
        threads: 3
        images: {mean: [0.25], std: [0.5]}
        minibatch: {size: 16, lingerMs: 250}
        optimizer: {momentum: 0.8, dampening: 0.8, clipGradientNorm: 5}
        learningRate: {schedule: multiStep, rate: 0.1, milestones: [10, 20], warmupSteps: 5}
        snapshots: {everySteps: 0, everySeconds: 7, retain: 2}
        kafka: {bootstrap.servers: "broker:9092", security.protocol: SSL}
        """)
            .config();
    assertEquals("shoes", config.model());
    assertEquals(3, config.threads());
    assertEquals(16, config.minibatch().size());
    assertEquals(250, config.minibatch().lingerMs());
    assertEquals(0.8f, config.optimizer().dampening());
    assertEquals(
        new LinearWarmup(5, new MultiStep(0.1, List.of(10L, 20L), 0.5)), config.schedule());
    assertEquals(7, config.snapshots().everySeconds());
    assertEquals("SSL", StreamsProperties.of(config).getProperty("security.protocol"));
    assertEquals("millrace-shoes", StreamsProperties.of(config).getProperty("application.id"));
  }

  @Test
  void predictionsAndLabelsShareTheLearnersClusterAndHaveGroupsOfTheirOwn() {
    LearnerConfigFile.Loaded loaded =
        load(
            """
            model: shoes
            network: networks/lenet5.yaml
            topics: {snapshots: shop.snapshots, unlabeled: shop.photos, labels: shop.labels}
            images: {maxRecordBytes: 16777216}
            predict: {threads: 3, commitIntervalMs: 50}
            labels: {windowMs: 1000, graceMs: 10}
            kafka: {bootstrap.servers: "broker:9092", commit.interval.ms: 7000}
            """);
    assertEquals("shop.photos", loaded.predict().topics().unlabeled());
    assertEquals("shop.snapshots", loaded.predict().topics().snapshots());
    var predict = StreamsProperties.of(loaded.predict());
    assertEquals("millrace-shoes-predict", predict.getProperty("application.id"));
    assertEquals("3", predict.getProperty("num.stream.threads"));
    assertEquals("50", predict.getProperty("commit.interval.ms"));
    assertEquals("broker:9092", predict.getProperty("bootstrap.servers"));
    assertEquals("shop.labels", loaded.labels().topics().labels());
    assertEquals(10, loaded.labels().classes());
    assertEquals(1_010, loaded.labels().deadlineMs(0));
    assertEquals(LabelJoinConfig.MAX_RECORD_BYTES, loaded.labels().maxRecordBytes());
    var labels = StreamsProperties.of(loaded.labels());
    assertEquals("millrace-shoes-labels", labels.getProperty("application.id"));
    assertEquals("100", labels.getProperty("commit.interval.ms"));
    assertEquals("7000", StreamsProperties.of(loaded.config()).getProperty("commit.interval.ms"));
  }

  @Test
  void aWarmStartIsItsFilesHashOrAHashThatStandsForIt(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("w.safetensors"), "abc");
    String sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    String yaml = "network: networks/lenet5.yaml\nwarmStart:\n  file: " + file + "\n";
    assertEquals(sha256, load(yaml).config().warmStart().sha256());
    assertEquals(sha256, load(yaml).config().settings().get("warmStart.sha256"));
    assertMistake(yaml + "  sha256: '00'\n", "expected that of " + file + ", " + sha256);
    Files.delete(file);
    assertMistake(yaml, "expected a safetensors file at " + file + ", got none");
    assertEquals("00", load(yaml + "  sha256: '00'\n").config().warmStart().sha256());
    assertFalse(
        load("network: networks/lenet5.yaml").config().settings().keySet().stream()
            .anyMatch(key -> key.startsWith("warmStart")));
  }

  @Test
  void mistakesSayWhereTheyAre() {
    assertMistake(
        "network: networks/lenet5.yaml\nsnapshots:\n  everySteps: 0\n  everySeconds: 0\n",
        "would ever be published");
    assertMistake(
        "network: networks/lenet5.yaml\nimages:\n  mean: [0.1, 0.2]\n  std: [0.1, 0.2]\n",
        "expected 1 values");
    assertMistake(
        "network: networks/lenet5.yaml\nimages:\n  classNames: [one]\n",
        "millrace.yaml:3:15: images.classNames: expected 10 names or none, got 1");
    assertMistake("network: nosuch\n", "network: expected a file or the name of a network");
  }

  @Test
  void refusesAGuaranteeThatWouldSplitWeightsFromOffsets() {
    LearnerConfig config =
        load("""
        network: networks/lenet5.yaml
        kafka: {processing.guarantee: at_least_once}
        """)
            .config();
    var e = assertThrows(IllegalArgumentException.class, () -> StreamsProperties.of(config));
    assertTrue(String.valueOf(e.getMessage()).contains("got at_least_once"), e.toString());
  }

  private static void assertMistake(String yaml, String expected) {
    var e = assertThrows(ConfigException.class, () -> load(yaml));
    assertTrue(String.valueOf(e.getMessage()).contains(expected), e.toString());
  }

  private static LearnerConfigFile.Loaded load(String yaml) {
    return LearnerConfigFile.load(
        ConfigReader.of(YamlFile.parse("millrace.yaml", yaml), List.of()), HOME);
  }

  @Test
  void everySecretThatKafkaKnowsIsHidden() {
    List<String> secrets =
        Stream.of(ConsumerConfig.configDef(), ProducerConfig.configDef())
            .flatMap(definition -> definition.configKeys().values().stream())
            .filter(key -> key.type == ConfigDef.Type.PASSWORD)
            .map(key -> key.name)
            .distinct()
            .toList();
    assertTrue(secrets.contains("sasl.jaas.config"), secrets.toString());
    List<String> overrides =
        secrets.stream()
            .flatMap(key -> Stream.of("kafka." + key + "=open", "kafka.consumer." + key + "=open"))
            .toList();
    String yaml =
        LearnerConfigFile.load(ConfigReader.withoutFile("defaults", overrides), Path.of("")).yaml();
    assertFalse(yaml.contains("open"), yaml);
    for (String key : secrets) {
      assertTrue(yaml.contains("  " + key + ": \"<hidden>\""), key);
    }
  }
}
