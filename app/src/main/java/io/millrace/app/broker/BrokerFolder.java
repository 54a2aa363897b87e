package io.millrace.app.broker;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Properties;

/**
 * The folder of an embedded broker, locked for as long as this object is open.
 *
 * <pre>
 * broker.lock         held by the process whose broker uses the folder; contains its id
 * broker.properties   cluster id, port of the last run, Kafka version that wrote last
 * logs/               Kafka's own log folder, with its meta.properties
 * </pre>
 */
final class BrokerFolder implements AutoCloseable {
  private static final String CLUSTER_ID = "cluster.id";
  private static final String PORT = "port";
  private static final String KAFKA_VERSION = "kafka.version";

  /** What a run leaves for the next one; port 0 when none has been used yet. */
  record Identity(String clusterId, int port, String kafkaVersion) {}

  private final Path root;
  private final int nodeId;
  private final FileChannel lockChannel;

  private BrokerFolder(Path root, int nodeId, FileChannel lockChannel) {
    this.root = root;
    this.nodeId = nodeId;
    this.lockChannel = lockChannel;
  }

  /** The folder of a cluster of one. */
  static BrokerFolder open(Path root) {
    return open(root, EmbeddedBroker.NODE_ID);
  }

  /** Creates the folder where it is missing and takes its lock, or says who holds it. */
  static BrokerFolder open(Path root, int nodeId) {
    Path absolute = root.toAbsolutePath().normalize();
    try {
      Files.createDirectories(absolute);
      Path lockFile = absolute.resolve("broker.lock");
      FileChannel channel =
          FileChannel.open(
              lockFile,
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      boolean locked = false;
      try {
        locked = lock(channel);
        if (!locked) {
          throw inUse(absolute, Files.readString(lockFile).strip());
        }
        channel.truncate(0);
        String id = Long.toString(ProcessHandle.current().pid());
        channel.write(ByteBuffer.wrap(id.getBytes(StandardCharsets.UTF_8)), 0);
        return new BrokerFolder(absolute, nodeId, channel);
      } finally {
        if (!locked) {
          channel.close();
        }
      }
    } catch (IOException e) {
      throw unusable(absolute, e);
    }
  }

  private static boolean lock(FileChannel channel) throws IOException {
    try {
      // The lock lives as long as its channel, which this object owns.
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false; // another broker of this very process holds it
    }
  }

  private static BrokerException inUse(Path root, String holder) {
    return new BrokerException(
        "broker folder "
            + root
            + ": expected a folder that no other broker uses, got one locked by process "
            + (holder.isEmpty() ? "(unknown)" : holder)
            + "; stop that process or choose another folder");
  }

  /** Turns an I/O failure on the folder into a message that names the folder and the cause. */
  static BrokerException unusable(Path root, Throwable cause) {
    String reason =
        cause instanceof FileSystemException fault && fault.getReason() == null
            ? cause.getClass().getSimpleName() + " on " + fault.getFile()
            : String.valueOf(cause.getMessage());
    return new BrokerException(
        "broker folder "
            + root
            + ": expected a folder that can be written, got "
            + reason
            + "; check its owner, permissions and free space, or choose another folder",
        cause);
  }

  Path root() {
    return root;
  }

  Path logs() {
    return root.resolve("logs");
  }

  boolean isFormatted() {
    return Files.exists(logs().resolve("meta.properties"));
  }

  /**
   * What the last run left here, or empty in a new folder.
   *
   * @throws BrokerException if the logs belong to another cluster than the folder says
   */
  Optional<Identity> identity() {
    try {
      Path file = root.resolve("broker.properties");
      if (!Files.exists(file)) {
        if (isFormatted()) {
          throw new BrokerException(
              "broker folder "
                  + root
                  + ": expected broker.properties beside logs/, got logs of a cluster that this"
                  + " program did not make; choose another folder");
        }
        return Optional.empty();
      }
      Properties found = load(file);
      Identity identity = parse(file, found);
      if (isFormatted()) {
        checkLogs(identity);
      }
      return Optional.of(identity);
    } catch (IOException e) {
      throw unusable(root, e);
    }
  }

  private Identity parse(Path file, Properties found) {
    String clusterId = found.getProperty(CLUSTER_ID, "");
    String port = found.getProperty(PORT, "");
    if (clusterId.isBlank() || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65_535) {
      throw new BrokerException(
          file
              + ": expected cluster.id and a port from 0 to 65535, got cluster.id '"
              + clusterId
              + "' and port '"
              + port
              + "'; restore the file or choose another folder");
    }
    return new Identity(clusterId, Integer.parseInt(port), found.getProperty(KAFKA_VERSION, "?"));
  }

  private void checkLogs(Identity identity) throws IOException {
    Path file = logs().resolve("meta.properties");
    Properties meta = load(file);
    String cluster = meta.getProperty("cluster.id", "(none)");
    String node = meta.getProperty("node.id", "(none)");
    String expectedNode = Integer.toString(nodeId);
    if (!cluster.equals(identity.clusterId()) || !node.equals(expectedNode)) {
      throw new BrokerException(
          file
              + ": expected cluster.id "
              + identity.clusterId()
              + " and node.id "
              + expectedNode
              + ", got "
              + cluster
              + " and "
              + node
              + "; these logs are another cluster's, choose another folder");
    }
  }

  /** Replaces the identity in one step, so that a kill leaves the old file or the new one. */
  void save(Identity identity) {
    Properties properties = new Properties();
    properties.setProperty(CLUSTER_ID, identity.clusterId());
    properties.setProperty(PORT, Integer.toString(identity.port()));
    properties.setProperty(KAFKA_VERSION, identity.kafkaVersion());
    Path next = root.resolve("broker.properties.next");
    try {
      StringWriter text = new StringWriter();
      properties.store(text, "Written by Millrace's embedded broker at each start");
      Files.writeString(next, text.toString());
      Files.move(
          next,
          root.resolve("broker.properties"),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw unusable(root, e);
    }
  }

  private static Properties load(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader text = new StringReader(Files.readString(file))) {
      properties.load(text);
    } catch (IllegalArgumentException e) { // a torn \\u escape
      throw new IOException(file + ": " + e.getMessage(), e);
    }
    return properties;
  }

  @Override
  public void close() {
    try {
      lockChannel.close();
    } catch (IOException e) {
      throw unusable(root, e);
    }
  }
}
