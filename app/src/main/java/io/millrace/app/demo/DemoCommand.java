package io.millrace.app.demo;

import io.millrace.app.process.VersionProvider;
import io.millrace.app.terminal.Screen;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows the whole of Millrace on one machine. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    sortOptions = false,
    description = {
      "Shows the whole of Millrace on this machine.",
      "Starts a Kafka broker, streams real images"
          + " into a topic, learns from it, publishes snapshots, and has a downstream consumer"
          + " load each of them and predict images that were never trained on.",
      "Run again, it goes on where it stopped."
    })
public final class DemoCommand implements Callable<Integer> {

  @Option(
      names = "--network",
      paramLabel = "NAME|FILE",
      defaultValue = "small-cnn",
      description = "small-cnn, lenet5 or a file (default: ${DEFAULT-VALUE}).")
  private String network = "small-cnn";

  @Option(
      names = "--dataset",
      paramLabel = "NAME|PATH",
      defaultValue = "fashion-mnist",
      description =
          "What to stream; its held-out part is the :test split (default: ${DEFAULT-VALUE}, whole"
              + " where it is on the machine, else the sample that comes with Millrace).")
  private String dataset = "fashion-mnist";

  @Option(names = "--limit", paramLabel = "N", description = "Streams N images at the most.")
  private @Nullable Long limit;

  @Option(
      names = "--passes",
      paramLabel = "N",
      defaultValue = "1",
      description = "Times the images are streamed (default: ${DEFAULT-VALUE}).")
  private int passes = 1;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "0",
      description = "Images streamed per second; 0 as fast as it goes (default: 0).")
  private double rate;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "32",
      description = "Images in a minibatch (default: ${DEFAULT-VALUE}).")
  private int batchSize = 32;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "0",
      description = "Threads that share a training step; 0 for one per processor (default: 0).")
  private int threads;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed of weights and of the images' order (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Overrides a key of the learner's configuration (./millrace config).")
  private List<String> overrides = new ArrayList<>();

  @Option(
      names = "--directory",
      paramLabel = "FOLDER",
      description = "Where broker and learner keep their files (default: .millrace/demo).")
  private @Nullable Path directory;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "The broker's port on 127.0.0.1; 0 for the last one or a free one.")
  private int port;

  @Option(names = "--no-page", description = "Serves no page for a browser.")
  private boolean noPage;

  @Option(
      names = "--page-port",
      paramLabel = "PORT",
      defaultValue = "8090",
      description =
          "The page's port on 127.0.0.1, or the next one that is free; 0 for any (default:"
              + " ${DEFAULT-VALUE}).")
  private int pagePort;

  @Option(names = "--fresh", description = "Forgets what an earlier demo learned.")
  private boolean fresh;

  @Option(
      names = "--exit-when-done",
      description = "Ends after the last pass; otherwise the demo stays up until Ctrl-C.")
  private boolean exitWhenDone;

  @Option(
      names = "--tensorboard",
      paramLabel = "FOLDER",
      description = "Writes what is learned to an event file there, for TensorBoard.")
  private @Nullable Path tensorBoard;

  @Override
  public Integer call() throws Exception {
    Path folder =
        directory != null
            ? directory
            : Path.of(System.getProperty("millrace.home", "."), ".millrace", "demo");
    DemoSettings settings =
        new DemoSettings(
            network,
            dataset,
            limit == null ? Long.MAX_VALUE : limit,
            passes,
            rate,
            batchSize,
            threads,
            seed,
            overrides,
            folder,
            port,
            !noPage,
            pagePort,
            fresh,
            exitWhenDone,
            Optional.ofNullable(tensorBoard));
    return new Demo(settings, Screen.standard()).run();
  }
}
