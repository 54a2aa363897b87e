package io.millrace.app.tensorboard;

import io.millrace.model.protobuf.ProtoMessage;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * A file of events. Each record is its length (8 bytes, little-endian), a masked CRC-32C of those 8
 * bytes, the event, and a masked CRC-32C of the event; a reader that meets a torn last record waits
 * for the rest of it. A start makes a file of its own, and TensorBoard shows all files of a folder
 * as one run.
 */
final class EventFile implements AutoCloseable {

  /** What TensorBoard expects in the first event. */
  private static final String VERSION = "brain.Event:2";

  /**
   * Added after rotating by 15 bits, so that a checksum over data with checksums is no constant.
   */
  private static final int MASK_DELTA = 0xa282ead8;

  private static final int LENGTH_BYTES = Long.BYTES;
  private static final double MS_PER_SECOND = 1000.0;

  /** Fields of Event. */
  private static final int WALL_TIME = 1;

  private static final int STEP = 2;
  private static final int FILE_VERSION = 3;
  private static final int SUMMARY = 5;

  private final Path path;
  private final OutputStream out;

  private EventFile(Path path, OutputStream out) {
    this.path = path;
    this.out = out;
  }

  /**
   * Begins a new file in a folder, which is made if it is not there.
   *
   * @throws IOException if it cannot be written
   */
  static EventFile create(Path folder) throws IOException {
    Files.createDirectories(folder);
    long nowMs = System.currentTimeMillis();
    String host = host();
    long pid = ProcessHandle.current().pid();
    for (int number = 0; ; number++) {
      Path path =
          folder.resolve(
              "events.out.tfevents." + nowMs / 1000 + "." + host + "." + pid + "." + number);
      if (Files.exists(path)) {
        continue;
      }
      EventFile file =
          new EventFile(
              path,
              new BufferedOutputStream(Files.newOutputStream(path, StandardOpenOption.CREATE_NEW)));
      file.write(
          new ProtoMessage().real64(WALL_TIME, nowMs / MS_PER_SECOND).text(FILE_VERSION, VERSION));
      file.flush();
      return file;
    }
  }

  Path path() {
    return path;
  }

  /** Writes what belongs to one step. */
  void write(long timeMs, long step, Summary summary) throws IOException {
    write(
        new ProtoMessage()
            .real64(WALL_TIME, timeMs / MS_PER_SECOND)
            .number(STEP, step)
            .message(SUMMARY, summary.message()));
  }

  private void write(ProtoMessage event) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    event.writeTo(bytes);
    byte[] data = bytes.toByteArray();
    ByteBuffer head =
        ByteBuffer.allocate(LENGTH_BYTES + Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    head.putLong(data.length).putInt(maskedChecksum(head.array(), LENGTH_BYTES));
    ByteBuffer tail = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    tail.putInt(maskedChecksum(data, data.length));
    out.write(head.array());
    out.write(data);
    out.write(tail.array());
  }

  private static int maskedChecksum(byte[] bytes, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, length);
    return Integer.rotateRight((int) checksum.getValue(), 15) + MASK_DELTA;
  }

  /** Lets a reader see what was written. */
  void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}
