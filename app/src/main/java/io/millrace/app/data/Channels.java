package io.millrace.app.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Reading at a position of a file, whole or not at all. */
final class Channels {
  private Channels() {}

  static void readFully(FileChannel channel, String name, long offset, byte[] target) {
    ByteBuffer buffer = ByteBuffer.wrap(target);
    try {
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, offset + buffer.position()) < 0) {
          throw new DataException(
              name
                  + ": offset "
                  + (offset + buffer.position())
                  + ": expected "
                  + buffer.remaining()
                  + " more bytes, got the end of the file; it became shorter while it was read");
        }
      }
    } catch (IOException e) {
      throw DataException.unreadable(name, e);
    }
  }

  static void close(FileChannel channel, String name) {
    try {
      channel.close();
    } catch (IOException e) {
      throw DataException.unreadable(name, e);
    }
  }
}
