package io.millrace.benchmarks.serving;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.benchmarks.processes.ChildJvm;
import io.millrace.benchmarks.report.TextTable;
import io.millrace.benchmarks.topology.Broker;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts a downstream program on a topic that holds many versions of a large model. */
@Command(
    name = "cold-start",
    mixinStandardHelpOptions = true,
    description = {
      "Measures a program's start to its first prediction, on a topic with 1,000 versions of a",
      "model of a million parameters: 4 GB in the folder for temporary files."
    })
public final class ColdStartBenchmark implements Callable<Integer> {
  private static final long LONGEST_MS = 3_000;
  private static final long VERSION_BYTES = 4_100_000;

  @Option(names = "--versions", defaultValue = "1000", description = "(default: ${DEFAULT-VALUE})")
  private int versions = 1000;

  @Option(
      names = "--starts",
      defaultValue = "7",
      description = "Programs started one after the other (default: ${DEFAULT-VALUE}).")
  private int starts = 7;

  @Override
  public Integer call() throws IOException {
    ObjectMapper json = new ObjectMapper();
    List<ColdStartProgram.Result> results = new ArrayList<>();
    try (Broker broker = Broker.start()) {
      long free = Files.getFileStore(broker.folder()).getUsableSpace();
      if (free < versions * VERSION_BYTES * 5 / 4) {
        throw new IOException(
            broker.folder()
                + ": expected "
                + versions * VERSION_BYTES * 5 / 4
                + " free bytes, got "
                + free
                + "; ask for fewer with --versions");
      }
      System.err.println("publishing " + versions + " versions");
      VersionPublisher.publish(broker.servers(), versions);
      for (int start = 0; start < starts; start++) {
        for (String line :
            ChildJvm.run(List.of(), ColdStartProgram.class, List.of(broker.servers()))) {
          results.add(json.readValue(line, ColdStartProgram.Result.class));
        }
      }
    }
    return print(results);
  }

  private int print(List<ColdStartProgram.Result> results) {
    System.out.printf(
        Locale.ROOT,
        "%nCold starts on a topic with %,d versions of 1,001,551 parameters; JDK %s, %d processors,"
            + " the broker on the same%n%n",
        versions,
        Runtime.version(),
        Runtime.getRuntime().availableProcessors());
    List<List<String>> rows = new ArrayList<>();
    boolean good = !results.isEmpty();
    for (ColdStartProgram.Result result : results) {
      double worth = (double) result.receivedBytes() / result.snapshotBytes();
      good &= result.version() == versions && worth <= 2 && result.sinceJvmStartMs() < LONGEST_MS;
      rows.add(
          List.of(
              Long.toString(result.version()),
              String.format(Locale.ROOT, "%,d", result.sinceJvmStartMs()),
              String.format(Locale.ROOT, "%,d", result.sinceSubscribedMs()),
              String.format(Locale.ROOT, "%,d", result.searchMs()),
              String.format(Locale.ROOT, "%,d", result.receivedBytes()),
              String.format(Locale.ROOT, "%.2f", worth),
              String.format(Locale.ROOT, "%,d", result.topicRecords())));
    }
    TextTable.table(
            List.of(
                "version",
                "JVM start to prediction, ms",
                "subscribed to prediction, ms",
                "found in, ms",
                "received, bytes",
                "snapshots' worth",
                "records in topic"),
            Set.of(),
            0,
            rows)
        .forEach(System.out::println);
    System.out.println(
        good
            ? "\neach in less than 3 s, with no more than two snapshots' worth of bytes"
            : "\nNOT each in less than 3 s with no more than two snapshots' worth of bytes");
    return good ? 0 : 1;
  }
}
