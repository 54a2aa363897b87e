package io.millrace.tests.fuzz;

import io.millrace.app.learner.LearnerConfigFile;
import io.millrace.app.network.NetworkYaml;
import io.millrace.app.yaml.ConfigException;
import io.millrace.app.yaml.ConfigReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** A YAML file, read as the program reads it. */
final class YamlTarget extends DataFileTarget {
  private static final int MAX_BYTES = 1 << 17;

  private static final List<byte[]> CONFIGS =
      Mutator.texts(
          """
          model: shoes
          network: small-cnn
          seed: 7
          topics: {images: shop.images, metrics: shop.metrics}
          images: {mean: [0.29], std: [0.35], maxPixels: 1000}
          minibatch: {size: 16, lingerMs: 250}
          learningRate: {schedule: stepDecay, rate: 0.01, everySteps: 100, gamma: 0.5}
          snapshots:
            everySteps: 100
            retain: 3
          kafka:
            bootstrap.servers: broker:9092
            security.protocol: "PLAINTEXT"
          """,
          """
          # comments
          optimizer:
            momentum: .9
            nesterov: true
            weightDecay: 1e-3
          learningRate: {schedule: multiStep, rate: 0.1, milestones: [10, 20], gamma: 0.1, warmupSteps: 5}
          initialization: {scheme: glorot, distribution: uniform}
          metrics: {window: 10}
          images:
            classNames:
              - a
              - 'b'
              - c
              - d
              - e
              - f
              - g
              - h
              - i
              - >-
                folded
                text
          """);

  private static final List<byte[]> NETWORKS =
      Mutator.texts(
          """
          name: tiny
          input: {channels: 1, height: 8, width: 8}
          loss: softmaxCrossEntropy
          layers:
            - conv1: {type: conv2d, outChannels: 6, kernel: 3, padding: 1}
            - norm: {type: batchNorm2d, epsilon: 1e-5, momentum: 0.1}
            - relu1: {type: leakyRelu, negativeSlope: 0.01}
            - conv2: {type: conv2d, outChannels: 6, kernel: [3, 1], padding: [1, 0], groups: 2}
            - sum: {type: add, inputs: [conv2, relu1]}
            - both: {type: concat, inputs: [sum, relu1]}
            - pool: {type: maxPool2d, kernel: 2}
            - drop: {type: dropout, probability: 0.5}
            - flatten: flatten
            - fc: {type: linear, outFeatures: 10}
          """,
          """
          name: other
          input:
            channels: 3
            height: 4
            width: 4
          layers:
            - a: {type: averagePool2d, kernel: 2, stride: 1}
            - b: globalAveragePool
            - c: {type: concat, inputs: [b, b]}
            - d: {type: linear, outFeatures: 2, bias: false}
          """);

  private static final String[] TOKENS = {
    "&a ",
    "*a",
    "!!java.net.URL ",
    "!x ",
    "<<: ",
    "---\n",
    "...\n",
    "%YAML 1.2\n---\n",
    "%YAML 99999999999.1\n---\n",
    "%TAG ! tag:x,2000:\n---\n",
    "? ",
    ": ",
    "- ",
    "[",
    "]",
    "{",
    "}",
    ", ",
    "|\n",
    ">-\n",
    "|9\n",
    "\"",
    "'",
    "\"\\UFFFFFFFF\"",
    "\"\\x0\"",
    "\"\\uD800\"",
    "#",
    "\t",
    "\n",
    "\r",
    "\u0085",
    "\u2028",
    "\uFEFF",
    "\u0000",
    "~",
    "null",
    "@",
    "`",
    "  ",
    "\ud83d\ude00",
    "type: ",
    "inputs: ",
    "[input, input]",
    "layers:\n",
    "kafka: ",
    "{}",
    "[]",
    "1x1",
    "1024",
    "1048576",
    "65536",
    "2147483647"
  };

  private final String name;
  private final List<byte[]> seeds;
  private final Consumer<Path> reader;
  private final Mutator mutator = new Mutator(Mutator.texts(TOKENS), MAX_BYTES);

  private YamlTarget(Path folder, String name, List<byte[]> seeds, Consumer<Path> reader) {
    super(folder, "fuzz.yaml");
    this.name = name;
    this.seeds = seeds;
    this.reader = reader;
  }

  static YamlTarget config(Path folder) {
    return new YamlTarget(
        folder,
        "yaml-config",
        CONFIGS,
        file -> LearnerConfigFile.load(ConfigReader.of(file, List.of()), folder));
  }

  static YamlTarget network(Path folder) {
    return new YamlTarget(folder, "yaml-network", NETWORKS, NetworkYaml::load);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int weight() {
    return 25;
  }

  @Override
  public List<byte[]> seeds() {
    return seeds;
  }

  @Override
  public long maxAllocationBytes() {
    return 96 << 20;
  }

  @Override
  public String allocationReason() {
    return "inputs of at most 128 KiB: a token of two bytes becomes events, nodes and texts of at"
        + " most 700";
  }

  /** Changed anywhere, or with one value replaced by one that is a border somewhere. */
  @Override
  public byte[] input(SplittableRandom random) {
    if (random.nextBoolean()) {
      return mutator.mutate(random, seeds);
    }
    String text = new String(Mutator.pick(random, seeds), StandardCharsets.UTF_8);
    for (int changes = 1 + random.nextInt(2); changes > 0; changes--) {
      int from = random.nextInt(text.length());
      while (from < text.length() && !Character.isLetterOrDigit(text.charAt(from))) {
        from++;
      }
      int to = from;
      while (to < text.length() && Character.isLetterOrDigit(text.charAt(to))) {
        to++;
      }
      text = text.substring(0, from) + Hostile.text(random) + text.substring(to);
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return random.nextInt(4) == 0 ? mutator.change(random, bytes, seeds) : bytes;
  }

  @Override
  void read(Path file) {
    reader.accept(file);
  }

  @Override
  boolean isRejection(RuntimeException e) {
    return e instanceof ConfigException;
  }
}
