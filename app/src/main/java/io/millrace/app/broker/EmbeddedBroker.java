package io.millrace.app.broker;

import io.millrace.app.broker.BrokerFolder.Identity;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.AppInfoParser;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Kafka broker, combined with its controller, in this process and on the loopback interface
 * alone: a cluster of its own or, given a {@link Seat}, one node of several.
 *
 * <p>The folder keeps the cluster: starting on the same folder again, after a clean stop or a kill,
 * continues with the same cluster id, topics, offsets and open transactions, on the same port where
 * that is still free. Topics are not created by writing to them.
 *
 * <p>This is the one class that calls Kafka's internal server API ({@link Formatter}, {@link
 * KafkaRaftServer}).
 */
public final class EmbeddedBroker implements AutoCloseable {
  static final int NODE_ID = 1;

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);

  /** A port that was free a moment ago can be gone; then another is tried. */
  private static final int ATTEMPTS = 3;

  /** Kafka's exit procedures are one per process: starts take turns. */
  private static final ReentrantLock STARTING = new ReentrantLock();

  private final KafkaRaftServer server;
  private final BrokerFolder folder;
  private final Identity identity;
  private final AtomicBoolean closed = new AtomicBoolean();

  private EmbeddedBroker(KafkaRaftServer server, BrokerFolder folder, Identity identity) {
    this.server = server;
    this.folder = folder;
    this.identity = identity;
  }

  /**
   * What a start needs.
   *
   * @param dataDirectory folder of the cluster; created where it is missing
   * @param port port for clients, or 0 for the one of the last run if it is free, else any
   * @param settings broker settings that replace this class's (see Kafka's broker configuration)
   * @param seat the place in a cluster of several; empty for a cluster of its own
   */
  public record Options(
      Path dataDirectory, int port, Map<String, String> settings, Optional<Seat> seat) {
    public Options {
      if (port < 0 || port > 65_535) {
        throw new BrokerException(
            "broker port: expected 0 (any) to 65535, got " + port + "; choose another port");
      }
      settings = Map.copyOf(settings);
    }

    public Options(Path dataDirectory, int port, Map<String, String> settings) {
      this(dataDirectory, port, settings, Optional.empty());
    }

    public static Options of(Path dataDirectory) {
      return new Options(dataDirectory, 0, Map.of());
    }

    public Options withPort(int newPort) {
      return new Options(dataDirectory, newPort, settings, seat);
    }

    public Options withSeat(Seat newSeat) {
      return new Options(dataDirectory, port, settings, Optional.of(newSeat));
    }

    private int nodeId() {
      return seat.map(Seat::nodeId).orElse(NODE_ID);
    }

    private String newClusterId() {
      return seat.map(Seat::clusterId).orElseGet(() -> Uuid.randomUuid().toString());
    }

    private Ports choosePorts(int last) {
      return Ports.choose(port, last, seat.map(Seat::controllerPort).orElse(0));
    }

    private Seat seat(Identity identity, Ports ports) {
      return seat.orElseGet(() -> Seat.single(identity.clusterId(), ports.controller()));
    }
  }

  /** Starts on this folder with default options. */
  public static EmbeddedBroker start(Path dataDirectory) {
    return start(Options.of(dataDirectory));
  }

  /**
   * Starts and returns once clients can connect; takes a few seconds.
   *
   * @throws BrokerException if the port is taken, or the folder is in use, not writable or another
   *     cluster's; the folder's lock is free again then
   */
  public static EmbeddedBroker start(Options options) {
    BrokerFolder folder = BrokerFolder.open(options.dataDirectory(), options.nodeId());
    boolean started = false;
    STARTING.lock();
    try {
      EmbeddedBroker broker = startLocked(options, folder);
      started = true;
      return broker;
    } finally {
      STARTING.unlock();
      if (!started) {
        folder.close();
      }
    }
  }

  private static EmbeddedBroker startLocked(Options options, BrokerFolder folder) {
    Identity last =
        folder
            .identity()
            .orElseGet(() -> new Identity(options.newClusterId(), 0, AppInfoParser.getVersion()));
    for (int attempt = 1; ; attempt++) {
      Ports ports = options.choosePorts(last.port());
      Identity identity =
          new Identity(last.clusterId(), ports.broker(), AppInfoParser.getVersion());
      // Written before the logs are formatted: a kill in between leaves an id to format with.
      folder.save(identity);
      Seat seat = options.seat(identity, ports);
      Properties settings = BrokerSettings.of(folder.logs(), ports, seat, options.settings());
      try {
        format(folder, seat);
        return new EmbeddedBroker(run(settings), folder, identity);
      } catch (Exception | ProcessExit e) {
        boolean portLost = !ports.areFree();
        if (portLost && options.port() == 0 && attempt < ATTEMPTS) {
          LOG.info("A port was taken while the broker started; trying another", e);
          continue;
        }
        throw explain(folder, ports, last, portLost, e);
      }
    }
  }

  private static void format(BrokerFolder folder, Seat seat) throws Exception {
    if (folder.isFormatted()) {
      return;
    }
    try (PrintStream silent =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
      new Formatter()
          .setPrintStream(silent)
          .setNodeId(seat.nodeId())
          .setClusterId(seat.clusterId())
          .addDirectory(folder.logs().toString())
          .setMetadataLogDirectory(folder.logs().toString())
          .setControllerListenerName("CONTROLLER")
          .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
          .setIgnoreFormatted(true)
          .run();
    }
  }

  private static KafkaRaftServer run(Properties settings) {
    // Kafka answers a fault in its start by ending the process; here it has to become an exception.
    Exit.setExitProcedure(EmbeddedBroker::throwInsteadOfExit);
    Exit.setHaltProcedure(EmbeddedBroker::throwInsteadOfExit);
    boolean started = false;
    KafkaRaftServer server = null;
    try {
      server = new KafkaRaftServer(KafkaConfig.fromProps(settings, false), Time.SYSTEM);
      server.startup();
      started = true;
      return server;
    } finally {
      if (!started && server != null) {
        shutDownQuietly(server);
      }
      Exit.resetExitProcedure();
      Exit.resetHaltProcedure();
    }
  }

  private static void throwInsteadOfExit(int status, String message) {
    throw new ProcessExit(status, message);
  }

  private static void shutDownQuietly(KafkaRaftServer server) {
    try {
      server.shutdown();
      server.awaitShutdown();
    } catch (RuntimeException | ProcessExit e) {
      LOG.debug("While stopping a broker that did not start", e);
    }
  }

  private static BrokerException explain(
      BrokerFolder folder, Ports ports, Identity last, boolean portLost, Throwable fault) {
    if (fault instanceof BrokerException known) {
      return known;
    }
    if (portLost) {
      return Ports.taken(ports.broker(), fault);
    }
    if (fault instanceof IOException || fault instanceof UncheckedIOException) {
      return BrokerFolder.unusable(folder.root(), fault);
    }
    return new BrokerException(
        "broker folder "
            + folder.root()
            + ": expected a cluster that Kafka "
            + AppInfoParser.getVersion()
            + " can start, got "
            + fault
            + " (the folder was last used by Kafka "
            + last.kafkaVersion()
            + "); see the log for details, or choose another folder",
        fault);
  }

  /** Where clients connect: {@code 127.0.0.1:port}. */
  public String bootstrapServers() {
    return Ports.HOST + ":" + identity.port();
  }

  public int port() {
    return identity.port();
  }

  public String clusterId() {
    return identity.clusterId();
  }

  public Path dataDirectory() {
    return folder.root();
  }

  /** Stops cleanly and frees the folder and the port. A second call does nothing. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      server.shutdown();
      server.awaitShutdown();
    } finally {
      folder.close();
    }
  }

  /** Stands for the end of the process that Kafka asked for while it started. */
  private static final class ProcessExit extends Error {
    @java.io.Serial private static final long serialVersionUID = 1L;

    ProcessExit(int status, String message) {
      super("Kafka stopped its start with status " + status + ": " + message);
    }
  }
}
