package io.millrace.app.produce;

import io.millrace.app.data.DataException;
import io.millrace.app.data.DatasetSpec;
import io.millrace.app.data.FashionMnist;
import io.millrace.app.data.ImageOrder;
import io.millrace.app.data.ImageSource;
import io.millrace.app.json.JsonLine;
import io.millrace.app.json.JsonOption;
import io.millrace.schemas.Topics;
import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code produce}: sends a data set to a topic; 1 for a failure, 2 for a usage mistake. */
@Command(
    name = "produce",
    sortOptions = false,
    description = {
      "Sends labeled images to a topic of any Kafka cluster.",
      "Or the images and the labels apart: --unlabeled, --labels-only.",
      "Data sets: " + DatasetSpec.SYNTAX + "."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before call.
public final class ProduceCommand implements Callable<Integer> {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  private boolean unusedHelp; // Declared for picocli, which prints the help itself.

  @Spec private CommandSpec spec;

  @Option(
      names = "--dataset",
      defaultValue = "fashion-mnist",
      description = "What to send. Default: ${DEFAULT-VALUE}.")
  private String dataset;

  @Option(
      names = "--topic",
      description = {
        "Where to. Default: " + Topics.IMAGES + "; " + Topics.UNLABELED + " with --unlabeled,",
        Topics.LABELS + " with --labels-only."
      })
  private @Nullable String topic;

  /** Without any, images with their labels. */
  private static final class Part {
    @Option(names = "--unlabeled", description = "Send the images without their labels.")
    private boolean unlabeled;

    @Option(
        names = "--labels-only",
        description = "Send the labels alone, to be joined by id with images sent --unlabeled.")
    private boolean labelsOnly;

    @Option(
        names = "--held-out",
        description = "Send them to judge models with (promote): no learner trains on them.")
    private boolean heldOut;
  }

  @ArgGroup private @Nullable Part part;

  @Option(
      names = "--delay",
      paramLabel = "SECONDS",
      defaultValue = "0",
      description = {
        "Wait so long before the first record; with the same --rate, labels come so much later",
        "than images that another process sends. Default: ${DEFAULT-VALUE}."
      })
  private double delaySeconds;

  @Mixin private KafkaOptions kafka;

  @Option(
      names = "--create-topic",
      paramLabel = "PARTITIONS",
      description = "Create the topic with this many partitions unless it exists.")
  private @Nullable Integer createPartitions;

  @Option(
      names = "--rate",
      paramLabel = "PER_SECOND",
      defaultValue = "0",
      description = "Images a second; 0 is as fast as possible. Default: ${DEFAULT-VALUE}.")
  private double rate;

  @Option(names = "--loop", description = "Send the data set again and again, for ever.")
  private boolean loop;

  @Option(
      names = "--shuffle-seed",
      paramLabel = "SEED",
      description = "Shuffle by this number, each round anew. Default: the data set's order.")
  private @Nullable Long shuffleSeed;

  @Option(
      names = "--limit",
      paramLabel = "COUNT",
      description = "End after this many images; with --loop over several rounds.")
  private @Nullable Long limit;

  @Option(
      names = "--resume",
      description = {
        "Go on behind what an earlier run with the same data set, seed and topic sent;",
        "the topic must hold nothing else."
      })
  private boolean resume;

  @Mixin private ScaleOptions scale;

  @Option(
      names = "--download",
      description = "Download the whole of Fashion-MNIST (30 MB) if it is not on the machine.")
  private boolean download;

  @Mixin private JsonOption json = new JsonOption();

  @Option(
      names = {"-q", "--quiet"},
      description = "Print nothing but errors.")
  private boolean quiet;

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    checkOptions();
    DatasetSpec what = parseDataset();
    FashionMnist.Options fashionMnist = FashionMnist.Options.standard().withDownload(download);
    try (ImageSource source =
        scale.apply(what.open(fashionMnist, quiet || json.isOn() ? _ -> {} : err::println))) {
      send(source, err);
      return ExitCode.OK;
    } catch (DataException | ProduceException e) {
      err.println(e.getMessage());
      err.flush();
      return ExitCode.SOFTWARE;
    }
  }

  private void send(ImageSource source, PrintWriter err) {
    Map<String, String> settings = kafka.toSettings();
    ImageProducer.Start start = prepareTopic(settings);
    ProgressLine line = new ProgressLine(err, onTerminal());
    CountDownLatch ended = new CountDownLatch(1);
    try (ImageProducer producer = new ImageProducer(settings, topic(), rate, content())) {
      Thread hook = Thread.ofPlatform().name("stop-produce").unstarted(() -> end(producer, ended));
      Runtime.getRuntime().addShutdownHook(hook);
      try {
        producer.waitFirst(Duration.ofMillis((long) (1000 * delaySeconds)));
        boolean silent = quiet || json.isOn();
        Progress sent =
            producer.send(source, order(source.size()), start, silent ? _ -> {} : line::show);
        if (!silent) {
          line.end(sent, topic());
        } else if (json.isOn()) {
          tell(sent);
        }
      } finally {
        ended.countDown();
        removeHook(hook);
      }
    }
  }

  private void tell(Progress sent) {
    JsonLine.event("sent")
        .with("topic", topic())
        .with("images", sent.acknowledged())
        .with("position", sent.position())
        .with("bytes", sent.bytes())
        .with("seconds", sent.elapsedNanos() / 1e9)
        .with("imagesPerSecond", sent.perSecond())
        .print(spec.commandLine().getOut());
  }

  @SuppressWarnings("SystemConsoleNull") // It asks isTerminal too; the API still allows null.
  private static boolean onTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  /** On Ctrl-C: lets the sending thread finish and print its last line. */
  private static void end(ImageProducer producer, CountDownLatch ended) {
    producer.stop();
    try {
      if (!ended.await(10, TimeUnit.SECONDS)) {
        Runtime.getRuntime().halt(ExitCode.SOFTWARE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // The shutdown has begun, and the hook with it.
    }
  }

  private ImageProducer.Start prepareTopic(Map<String, String> settings) {
    try (TopicSetup topics = TopicSetup.connect(settings)) {
      if (createPartitions != null) {
        topics.ensure(TopicSpec.of(topic(), createPartitions, Map.of()));
      }
      return resume
          ? ImageProducer.Start.behind(topics.endOffsets(topic()))
          : ImageProducer.Start.FIRST;
    }
  }

  private ImageOrder order(int images) {
    OptionalLong seed = shuffleSeed == null ? OptionalLong.empty() : OptionalLong.of(shuffleSeed);
    long most = loop ? Long.MAX_VALUE : images;
    return new ImageOrder(
        images, seed, Optional.ofNullable(limit).map(l -> Math.min(l, most)).orElse(most));
  }

  private ImageRecords.Content content() {
    if (part != null && part.unlabeled) {
      return ImageRecords.Content.UNLABELED_IMAGES;
    }
    if (part != null && part.heldOut) {
      return ImageRecords.Content.HELD_OUT_IMAGES;
    }
    return part != null && part.labelsOnly
        ? ImageRecords.Content.LABELS
        : ImageRecords.Content.LABELED_IMAGES;
  }

  private String topic() {
    return topic == null ? content().topic() : topic;
  }

  private DatasetSpec parseDataset() {
    try {
      return DatasetSpec.parse(dataset);
    } catch (DataException e) {
      throw mistake("--dataset: " + e.getMessage());
    }
  }

  private void checkOptions() {
    if (!(rate >= 0) || Double.isInfinite(rate)) {
      throw mistake("--rate: expected 0 or more images a second, got " + rate);
    }
    if (!(delaySeconds >= 0 && delaySeconds <= 1e6)) {
      throw mistake("--delay: expected 0 to 1000000 seconds, got " + delaySeconds);
    }
    if (limit != null && limit < 1) {
      throw mistake("--limit: expected 1 or more images, got " + limit);
    }
    if (createPartitions != null && createPartitions < 1) {
      throw mistake("--create-topic: expected 1 or more partitions, got " + createPartitions);
    }
    scale.check(spec.commandLine());
  }

  private ParameterException mistake(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
