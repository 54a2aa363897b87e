package io.millrace.tests.faults;

import io.millrace.tests.support.Cluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A run whose brokers, learners and harness all live in network and mount namespaces of their own,
 * in which network and disk can be broken without anybody else's notice.
 */
final class IsolatedRun {

  private static final Duration LONGEST = Duration.ofMinutes(20);

  private IsolatedRun() {}

  /** Carries out a schedule in a process started by {@code way}, a command that isolates. */
  static RunResult start(Schedule schedule, List<String> way, Path folder, Path logs) {
    List<String> arguments =
        List.of(
            schedule.scenario().name(),
            Long.toString(schedule.seed()),
            Integer.toString(schedule.faults().size()),
            folder.resolve(schedule.scenario().text() + "-" + schedule.seed()).toString(),
            logs.toAbsolutePath().toString());
    ChildJvm.Launch launch =
        ChildJvm.Launch.of(IsolatedRun.class, arguments)
            .withOptions(List.of("-Xmx1g"))
            .withPrefix(way);
    ChildJvm process = ChildJvm.start(launch, logs.resolve("harness.log"));
    try {
      String result =
          process
              .awaitMark(LONGEST)
              .orElseThrow(() -> new AssertionError("no result: " + process.tail()));
      return RunResult.decode(result);
    } finally {
      process.stop(Duration.ofSeconds(30));
    }
  }

  /** Arguments as {@link #start} gives them. */
  public static void main(String[] args) throws IOException {
    Schedule schedule =
        Schedule.of(Scenario.valueOf(args[0]), Long.parseLong(args[1]), Integer.parseInt(args[2]));
    Path folder = Path.of(args[3]);
    Path logs = Path.of(args[4]);
    Files.createDirectories(folder);
    Shell.run("ip", "link", "set", "lo", "up");
    boolean network = schedule.scenario() == Scenario.NETWORK;
    try (Place place =
            network
                ? new SeveredNetwork(folder.resolve("state"))
                : new SmallDisk(folder.resolve("small-disk"));
        Brokers brokers =
            Brokers.start(
                1, folder, network ? Optional.of(SeveredNetwork.BROKERS_HOST) : Optional.empty());
        Cluster cluster = Cluster.of(brokers.bootstrapServers(), folder)) {
      RunResult result =
          new FaultRun(schedule, brokers, cluster, place, brokers.learnersBootstrap(), logs)
              .execute();
      ChildJvm.mark(result.encode());
    }
  }
}
