package io.millrace.app.broker;

import io.millrace.app.process.StopSignal;
import io.millrace.app.process.VersionProvider;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code broker}: one Kafka broker to try things out with, until Ctrl-C. */
@Command(
    name = "broker",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    sortOptions = false,
    description = {
      "Runs a Kafka broker on this machine, to try things out with.",
      "It listens on 127.0.0.1 alone, has no login and keeps one copy of each topic. Started again"
          + " on the same folder, it has the topics that it had."
    })
public final class BrokerCommand implements Callable<Integer> {

  @Option(
      names = "--directory",
      paramLabel = "FOLDER",
      description = "Where it keeps its files (default: .millrace/broker).")
  private @Nullable Path directory;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "9092",
      description =
          "Its port on 127.0.0.1 (default: ${DEFAULT-VALUE}, where every command looks for a"
              + " broker); 0 for the last one or a free one.")
  private int port = 9092;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before call.
  private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    Path folder =
        directory != null
            ? directory
            : Path.of(System.getProperty("millrace.home", "."), ".millrace", "broker");
    PrintWriter out = spec.commandLine().getOut();
    try (StopSignal stop = new StopSignal();
        EmbeddedBroker broker =
            EmbeddedBroker.start(new EmbeddedBroker.Options(folder, port, Map.of()))) {
      out.println(
          "Kafka broker on "
              + broker.bootstrapServers()
              + ", files in "
              + folder
              + "; Ctrl-C ends it");
      out.flush();
      stop.await();
    }
    return 0;
  }
}
