package io.millrace.app.learner;

import io.millrace.app.access.Programs;
import io.millrace.app.network.NetworkFiles;
import io.millrace.app.yaml.ConfigEntry;
import io.millrace.app.yaml.ConfigReader;
import io.millrace.app.yaml.Range;
import io.millrace.app.yaml.Section;
import io.millrace.model.optimizer.OptimizerSpec;
import io.millrace.model.spec.InitializationSpec;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.tensor.PixelNormalization;
import io.millrace.topology.StreamsProperties;
import io.millrace.topology.config.GuardConfig;
import io.millrace.topology.config.ImageConfig;
import io.millrace.topology.config.LabelJoinConfig;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.config.MetricsConfig;
import io.millrace.topology.config.MinibatchConfig;
import io.millrace.topology.config.PredictConfig;
import io.millrace.topology.config.SigningConfig;
import io.millrace.topology.config.SnapshotConfig;
import io.millrace.topology.config.TopicNames;
import io.millrace.topology.config.WarmStartConfig;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;

/**
 * Reads {@code millrace.yaml}. Every key has a default, so an empty file is a whole configuration;
 * {@code ./millrace config} prints all of them.
 */
public final class LearnerConfigFile {

  /**
   * A configuration as it was read.
   *
   * @param predict what {@code predict} does
   * @param labels what {@code join-labels} does
   * @param createTopics whether topics that are missing may be made
   * @param unlabeledPartitions of the topics of images without labels, predictions and labels,
   *     where they are created
   * @param yaml every key with its value, default and meaning
   * @param settings the same one by one
   */
  public record Loaded(
      LearnerConfig config,
      PredictConfig predict,
      LabelJoinConfig labels,
      boolean createTopics,
      int unlabeledPartitions,
      String yaml,
      List<ConfigEntry> settings) {

    /** What the rights of every program follow from. */
    public Programs programs() {
      return new Programs(config, predict, labels);
    }
  }

  private LearnerConfigFile() {}

  /**
   * Reads a configuration.
   *
   * @param folder where relative paths in the file start
   */
  public static Loaded load(ConfigReader reader, Path folder) {
    Section root = reader.root();
    String network =
        root.string(
            "network", "small-cnn", "A network that ships with Millrace, or a path to a file");
    NetworkSpec spec = root.build(() -> NetworkFiles.load(network, folder));
    String model =
        root.string(
            "model", spec.name(), "Name of the model, part of snapshot keys; the network's name");
    long seed =
        root.longInteger(
            "seed", 1, Long.MIN_VALUE, Long.MAX_VALUE, "Seed of initial weights and dropout");
    int threads =
        root.integer(
            "threads", 0, 0, 1024, "Threads that share a training step; 0 for one per processor");
    Section topicNames = root.section("topics", "Names of the topics");
    TopicNames topics = topics(topicNames);
    boolean createTopics =
        root.bool("createTopics", true, "Whether to create topics that do not exist");
    InitializationSpec initialization = initialization(root);
    ImageConfig images = images(root, spec);
    MinibatchConfig minibatch = minibatch(root);
    OptimizerSpec optimizer = optimizer(root);
    var schedule = ScheduleConfig.read(root);
    MetricsConfig metrics = metrics(root);
    SnapshotConfig snapshots = snapshots(root);
    GuardConfig guards = guards(root);
    DownstreamSettings downstream = DownstreamSettings.read(root, topicNames);
    SigningConfig signing = SigningYaml.read(root, folder);
    WarmStartConfig warmStart = WarmStartYaml.read(root, folder);
    var kafka =
        root.properties(
            "kafka",
            StreamsProperties.defaults(model, spec),
            "Properties of Kafka Streams and its clients");
    reader.finish();
    LearnerConfig config =
        root.build(() ->
            new LearnerConfig(
                model,
                topics,
                spec,
                initialization,
                seed,
                images,
                minibatch,
                optimizer,
                schedule,
                metrics,
                snapshots,
                guards,
                signing,
                warmStart,
                threads == 0 ? Runtime.getRuntime().availableProcessors() : threads,
                kafka));
    return new Loaded(
        config,
        root.build(() -> downstream.predict(config)),
        root.build(() -> downstream.labels(config)),
        createTopics,
        downstream.partitions(),
        reader.effectiveYaml(),
        reader.settings());
  }

  private static TopicNames topics(Section topics) {
    TopicNames names = TopicNames.defaults();
    return new TopicNames(
        topics.string("images", names.images(), "Labeled images to learn from"),
        topics.string("metrics", names.metrics(), "One record per minibatch"),
        topics.string("layers", names.layers(), "Statistics of the layers, now and then"),
        topics.string("snapshots", names.snapshots(), "Versions of the model, compacted"),
        topics.string("deadLetters", names.deadLetters(), "Records that cannot be used"),
        topics.string("journal", names.journal(), "What a clock or an operator decided"),
        topics.string("control", names.control(), "Commands to the learner"),
        topics.string("acknowledgements", names.acknowledgements(), "What became of them"),
        topics.string("aliases", names.aliases(), "Names that stand for versions, compacted"));
  }

  private static InitializationSpec initialization(Section root) {
    InitializationSpec defaults = InitializationSpec.withDefaults();
    Section section = root.section("initialization", "How weights begin");
    return new InitializationSpec(
        section.choice("scheme", defaults.scheme(), "He (Kaiming) or Glorot (Xavier)"),
        section.choice("distribution", defaults.distribution(), "Normal or uniform"),
        section.choice("fan", defaults.fan(), "What He's variance counts: inputs or outputs"));
  }

  private static ImageConfig images(Section root, NetworkSpec network) {
    Section section = root.section("images", "What images are accepted");
    int channels = network.input().extent(0);
    List<Double> mean =
        section.numbers(
            "mean",
            Collections.nCopies(channels, 0.5),
            Range.closed(-1000, 1000),
            "Mean of pixel / 255, for each channel");
    List<Double> std =
        section.numbers(
            "std",
            Collections.nCopies(channels, 0.5),
            Range.openClosed(0, 1000),
            "Standard deviation of pixel / 255, for each channel");
    List<String> classNames =
        section.strings("classNames", List.of(), "A name for each label, or none at all");
    if (!classNames.isEmpty() && classNames.size() != network.classes()) {
      throw section.error(
          "classNames",
          "expected " + network.classes() + " names or none, got " + classNames.size());
    }
    int maxRecordBytes =
        section.integer(
            "maxRecordBytes",
            ImageConfig.DEFAULT_MAX_RECORD_BYTES,
            1,
            ImageConfig.MAX_RECORD_BYTES,
            "A larger record is a dead letter");
    int maxPixels =
        section.integer(
            "maxPixels",
            ImageConfig.DEFAULT_MAX_PIXELS,
            1,
            1 << 28,
            "A picture whose header promises more is a dead letter");
    return section.build(() ->
        new ImageConfig(
            PixelNormalization.of(toFloats(mean), toFloats(std)),
            classNames,
            maxRecordBytes,
            maxPixels));
  }

  private static MinibatchConfig minibatch(Section root) {
    Section section = root.section("minibatch", "When images become a minibatch");
    return new MinibatchConfig(
        section.integer("size", 32, 1, MinibatchConfig.MAX_SIZE, "Images in a full minibatch"),
        section.longInteger(
            "lingerMs",
            0,
            0,
            86_400_000,
            "A smaller minibatch is trained when its first image has waited this long; 0 never"));
  }

  private static OptimizerSpec optimizer(Section root) {
    Section section = root.section("optimizer", "Minibatch SGD, as PyTorch defines it");
    float momentum =
        (float) section.number("momentum", 0.9, Range.closedOpen(0, 1), "Share of velocity kept");
    float dampening =
        (float)
            section.number(
                "dampening",
                0,
                Range.closed(0, 1),
                "0 is the heavy ball; equal to momentum it averages gradients exponentially");
    boolean nesterov = section.bool("nesterov", false, "Looks ahead along the velocity");
    float weightDecay =
        (float)
            section.number(
                "weightDecay", 5e-4, Range.atLeast(0), "Times the weight, added to the gradient");
    boolean decayBiasesAndNorms =
        section.bool(
            "decayBiasesAndNorms", false, "Whether biases and batch norm decay as weights do");
    float clip =
        (float)
            section.number(
                "clipGradientNorm", 0, Range.atLeast(0), "Largest gradient norm; 0 for no limit");
    return section.build(() ->
        new OptimizerSpec(momentum, dampening, nesterov, weightDecay, decayBiasesAndNorms, clip));
  }

  private static MetricsConfig metrics(Section root) {
    Section section = root.section("metrics", "How learning is measured");
    return new MetricsConfig(
        section.integer(
            "window",
            1000,
            1,
            MetricsConfig.MAX_WINDOW,
            "Images over which windowed loss and accuracy run"),
        section.bool("predictions", true, "Whether records say what was predicted of each image"),
        section.longInteger(
            "layersEverySteps",
            MetricsConfig.DEFAULT_LAYERS_EVERY_STEPS,
            0,
            Long.MAX_VALUE,
            "Statistics of the layers are written after so many steps; 0 never"));
  }

  private static SnapshotConfig snapshots(Section root) {
    Section section = root.section("snapshots", "When the model is published");
    long everySteps =
        section.longInteger(
            "everySteps", 500, 0, Long.MAX_VALUE, "Publish after so many steps; 0 never");
    long everySeconds =
        section.longInteger(
            "everySeconds",
            30,
            0,
            86_400,
            "Publish what is new when the newest version is this old; 0 never");
    int retain =
        section.integer("retain", 10, 1, 100_000, "Newest versions kept; older are tombstoned");
    return section.build(() -> new SnapshotConfig(everySteps, everySeconds, retain));
  }

  private static GuardConfig guards(Section root) {
    GuardConfig defaults = GuardConfig.withDefaults();
    Section section = root.section("guards", "Which minibatches are refused instead of trained on");
    int window =
        section.integer(
            "window",
            defaults.window(),
            2,
            GuardConfig.MAX_WINDOW,
            "Minibatches that loss and gradient norm are compared with");
    double sigmas =
        section.number(
            "sigmas",
            defaults.sigmas(),
            Range.atLeast(0),
            "Standard deviations above their mean that are accepted; 0 accepts all that is finite");
    int pauseAfter =
        section.integer(
            "pauseAfter",
            defaults.pauseAfter(),
            0,
            1_000_000,
            "Refusals in a row after which training waits for an operator; 0 never");
    boolean resume =
        section.bool("resume", defaults.resume(), "Whether a learner that waits goes on at start");
    return section.build(() -> new GuardConfig(window, sigmas, pauseAfter, resume));
  }

  private static float[] toFloats(List<Double> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i).floatValue();
    }
    return floats;
  }
}
