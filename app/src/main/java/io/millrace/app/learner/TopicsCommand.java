package io.millrace.app.learner;

import io.millrace.app.process.VersionProvider;
import io.millrace.app.produce.ExistingTopic;
import io.millrace.app.produce.ProduceException;
import io.millrace.app.produce.TopicSetup;
import io.millrace.app.produce.TopicSpec;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes the topics of a configuration, or says how they are. */
@Command(
    name = "topics",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    sortOptions = false,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Makes the topics of a configuration, or says how they are.",
      "train makes its own where it may; this is for clusters where it may not, and for scripts."
    })
public final class TopicsCommand implements Runnable {

  private static final long PAUSE_MS = 500;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before run.
  private CommandSpec spec;

  /** Which topics. */
  static final class Which {
    @Mixin private ConfigOptions options = new ConfigOptions();

    @Option(
        names = "--downstream",
        description = "Those of predict and join-labels, too (docs/predictions.md).")
    private boolean downstream;

    @Option(
        names = "--replication-factor",
        paramLabel = "N",
        description = "Copies of each partition. Default: the brokers' own.")
    private @Nullable Short replication;
  }

  /** A usage mistake: the command is missing. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command: expected create or list");
  }

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = "Makes what is missing, and leaves what is there as it is.")
  int create(
      @Mixin Which which,
      @Option(
              names = "--wait",
              paramLabel = "SECONDS",
              defaultValue = "0",
              description =
                  "Tries so long, while no broker or too few for that many copies answer (default:"
                      + " ${DEFAULT-VALUE}).")
          int waitSeconds)
      throws InterruptedException {
    LearnerConfigFile.Loaded loaded = which.options.load();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(waitSeconds);
    while (true) {
      try {
        create(KafkaClients.properties(loaded.config().kafka()), specs(loaded, which));
        return 0;
      } catch (ProduceException e) {
        if (!passes(e) || System.nanoTime() - deadline >= 0) {
          throw e;
        }
        Thread.sleep(PAUSE_MS);
      }
    }
  }

  private void create(Map<String, String> client, List<TopicSpec> topics) {
    try (TopicSetup setup = TopicSetup.connect(client)) {
      for (TopicSpec topic : topics) {
        boolean created = setup.ensure(topic) == TopicSetup.Outcome.CREATED;
        print(topic.name() + ": " + (created ? "created" + settings(topic) : "is there"));
      }
    }
  }

  /** Whether it may only be that brokers, or their names, are not there yet. */
  private static boolean passes(ProduceException failure) {
    Throwable cause = failure.getCause();
    return cause instanceof RetriableException
        || cause instanceof InvalidReplicationFactorException
        || (cause != null
            && cause.getCause() instanceof ConfigException unresolved
            && String.valueOf(unresolved.getMessage()).contains("resolvable"));
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = {
        "Prints each topic with its partitions, copies, and what is other than it has to be.",
        "Exit code 1 if one is missing or other than it has to be."
      })
  int list(@Mixin Which which) {
    LearnerConfigFile.Loaded loaded = which.options.load();
    List<TopicSpec> topics = specs(loaded, which);
    int width = topics.stream().mapToInt(topic -> topic.name().length()).max().orElse(0);
    String row = "%-" + width + "s  %10s  %6s  %s";
    print(row.formatted("topic", "partitions", "copies", "state"));
    boolean all = true;
    try (TopicSetup setup = TopicSetup.connect(KafkaClients.properties(loaded.config().kafka()))) {
      for (TopicSpec topic : topics) {
        Optional<ExistingTopic> found = setup.find(topic.name());
        List<String> differences =
            found.map(existing -> existing.differencesFrom(topic)).orElse(List.of("missing"));
        all &= differences.isEmpty();
        print(
            row.formatted(
                topic.name(),
                found.map(existing -> Integer.toString(existing.partitions())).orElse("-"),
                found.map(existing -> Integer.toString(existing.replication())).orElse("-"),
                differences.isEmpty() ? "ok" : String.join("; ", differences)));
      }
    }
    return all ? 0 : 1;
  }

  private static List<TopicSpec> specs(LearnerConfigFile.Loaded loaded, Which which) {
    List<TopicSpec> topics = new ArrayList<>(LearnerTopics.withChangelog(loaded.config()));
    if (which.downstream) {
      topics.addAll(DownstreamTopics.all(loaded));
    }
    Short replication = which.replication;
    return replication == null
        ? topics
        : topics.stream().map(topic -> topic.withReplication(replication)).toList();
  }

  private static String settings(TopicSpec topic) {
    StringBuilder text = new StringBuilder();
    topic.partitions().ifPresent(count -> text.append(", partitions=").append(count));
    topic.replication().ifPresent(copies -> text.append(", copies=").append(copies));
    new TreeMap<>(topic.config())
        .forEach((key, value) -> text.append(", ").append(key).append('=').append(value));
    return text.toString();
  }

  private void print(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
