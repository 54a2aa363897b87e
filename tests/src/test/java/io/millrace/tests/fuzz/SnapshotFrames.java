package io.millrace.tests.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records of the snapshot topic in one piece of bytes, which is what a fuzzer works on. */
final class SnapshotFrames {
  /**
   * A record of the topic.
   *
   * @param value null for a tombstone
   */
  record Frame(byte[] key, byte @Nullable [] value) {}

  private SnapshotFrames() {}

  /** For each record a length and the key, a length and the value; -1 for no value. */
  static byte[] write(List<Frame> frames) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Frame frame : frames) {
      byte[] value = frame.value();
      out.writeBytes(ByteBuffer.allocate(4).putInt(frame.key().length).array());
      out.writeBytes(frame.key());
      out.writeBytes(ByteBuffer.allocate(4).putInt(value == null ? -1 : value.length).array());
      out.writeBytes(value == null ? new byte[0] : value);
    }
    return out.toByteArray();
  }

  /** What can be read of any bytes; lengths that lie are cut. */
  static List<Frame> read(byte[] bytes) {
    List<Frame> frames = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    while (in.remaining() >= 8) {
      byte[] key = take(in, in.getInt());
      int length = in.remaining() >= 4 ? in.getInt() : 0;
      frames.add(new Frame(key, length < 0 ? null : take(in, length)));
    }
    return Collections.unmodifiableList(frames);
  }

  private static byte[] take(ByteBuffer in, int length) {
    byte[] taken = new byte[Math.clamp(length, 0, in.remaining())];
    in.get(taken);
    return taken;
  }
}
