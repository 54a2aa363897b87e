package io.millrace.benchmarks.topology;

import io.millrace.app.broker.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** One broker on the loopback interface, in a JVM and a temporary folder of its own. */
public final class Broker implements AutoCloseable {
  private static final Duration START_WITHIN = Duration.ofMinutes(2);

  private final Path folder;
  private final TalkingJvm jvm;
  private final String servers;

  private Broker(Path folder, TalkingJvm jvm, String servers) {
    this.folder = folder;
    this.jvm = jvm;
    this.servers = servers;
  }

  /** Starts one; its folder is in that for temporary files. */
  public static Broker start() throws IOException {
    Path folder = Files.createTempDirectory("millrace-bench");
    TalkingJvm jvm = TalkingJvm.start(List.of("-Xmx1g"), Broker.class, List.of(folder.toString()));
    return new Broker(folder, jvm, jvm.await(_ -> true, START_WITHIN));
  }

  /**
   * Argument: the folder, which goes when the broker does, also if the benchmark was interrupted.
   * Says where clients connect.
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"))) {
      TalkingJvm.say(broker.bootstrapServers());
      TalkingJvm.awaitEnd();
    }
    delete(folder);
  }

  /** Where clients connect. */
  public String servers() {
    return servers;
  }

  long pid() {
    return jvm.handle().pid();
  }

  /** For what learners keep; goes with the broker. */
  public Path folder() {
    return folder;
  }

  @Override
  public void close() {
    jvm.close();
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
