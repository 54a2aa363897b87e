package io.millrace.benchmarks.topology;

import io.millrace.app.learner.KafkaClients;
import io.millrace.app.learner.LearnerConfigFile;
import io.millrace.app.learner.LearnerTopics;
import io.millrace.app.yaml.ConfigReader;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.tensor.PixelNormalization;
import io.millrace.topology.StreamsProperties;
import io.millrace.topology.config.ImageConfig;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.config.TopicNames;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The configuration of a learner under measurement: the defaults, as a user without a file has. */
final class BenchLearner {
  private static final float MEAN = 0.286f;
  private static final float STD = 0.353f;

  private BenchLearner() {}

  /**
   * A configuration.
   *
   * @param name of its application, its topics and its state
   * @param kafka properties that replace the defaults
   */
  static LearnerConfig config(
      Where where, NetworkSpec network, int batch, String name, Map<String, String> kafka) {
    LearnerConfig defaults =
        LearnerConfigFile.load(
                ConfigReader.withoutFile(
                    "bench",
                    List.of(
                        "network=lenet5",
                        "learningRate.rate=0.005",
                        "guards.pauseAfter=0",
                        "minibatch.size=" + batch)),
                Path.of("").toAbsolutePath())
            .config();
    Map<String, String> properties = new TreeMap<>(StreamsProperties.defaults(name, network));
    properties.put("bootstrap.servers", where.servers());
    properties.put("state.dir", where.stateFolder(name).toString());
    properties.putAll(kafka);
    return new LearnerConfig(
        name,
        new TopicNames(
            ImageTopic.name(network.input()),
            name + "-metrics",
            name + "-layers",
            name + "-snapshots",
            name + "-dead-letters",
            name + "-journal",
            name + "-control",
            name + "-acknowledgements",
            name + "-aliases"),
        network,
        defaults.initialization(),
        defaults.seed(),
        images(network),
        defaults.minibatch(),
        defaults.optimizer(),
        defaults.schedule(),
        defaults.metrics(),
        defaults.snapshots(),
        defaults.guards(),
        defaults.signing(),
        where.threads(),
        properties);
  }

  private static ImageConfig images(NetworkSpec network) {
    float[] mean = new float[network.input().extent(0)];
    float[] std = new float[mean.length];
    Arrays.fill(mean, MEAN);
    Arrays.fill(std, STD);
    return new ImageConfig(
        PixelNormalization.of(mean, std),
        List.of(),
        ImageConfig.DEFAULT_MAX_RECORD_BYTES,
        ImageConfig.DEFAULT_MAX_PIXELS);
  }

  /** Makes the topics that are missing. */
  static void createTopics(LearnerConfig config) {
    LearnerTopics.require(KafkaClients.properties(config.kafka()), config, true);
  }
}
