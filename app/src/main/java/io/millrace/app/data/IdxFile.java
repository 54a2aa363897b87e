package io.millrace.app.data;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * A file of the IDX format (Yann LeCun's MNIST page): big-endian magic {@code 00 00 type rank},
 * then {@code rank} sizes of 4 bytes, then the values. Only unsigned bytes (type 08) occur here.
 *
 * <p>A plain file is read in place. A gz one is unpacked into memory as a whole, after its header
 * was held against the file's length.
 */
final class IdxFile implements AutoCloseable {
  /** Beyond this a gz file has to be unpacked by hand, since only plain files are read in place. */
  private static final long MAX_UNPACKED_BYTES = 512L << 20;

  /** Deflate cannot shrink by more than this factor. */
  private static final long MAX_DEFLATE_RATIO = 1032;

  private final String name;
  private final int[] sizes;
  private final int itemBytes;
  private final byte[] values;
  private final @Nullable FileChannel channel;

  private IdxFile(String name, int[] sizes, byte[] values, @Nullable FileChannel channel) {
    this.name = name;
    this.sizes = sizes;
    this.itemBytes = (int) (bytes(sizes) / sizes[0]);
    this.values = values;
    this.channel = channel;
  }

  /** Opens a plain or gz file with this number of dimensions: 3 for images, 1 for labels. */
  static IdxFile open(Path file, int rank) {
    String name = file.toString();
    try {
      long length = Files.size(file);
      try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
        in.mark(2);
        boolean packed = in.read() == 0x1f && in.read() == 0x8b;
        in.reset();
        if (packed) {
          return unpack(in, name, rank, length);
        }
        int[] sizes = header(in, name, rank);
        long expected = headerBytes(rank) + bytes(sizes);
        if (length != expected) {
          throw wrongLength(name, sizes, expected, length);
        }
        return new IdxFile(name, sizes, new byte[0], FileChannel.open(file));
      }
    } catch (IOException e) {
      throw DataException.unreadable(name, e);
    }
  }

  /** Reads a gz file from memory. */
  static IdxFile unpack(byte[] packed, String name, int rank) {
    try {
      return unpack(new ByteArrayInputStream(packed), name, rank, packed.length);
    } catch (IOException e) {
      throw DataException.unreadable(name, e);
    }
  }

  private static IdxFile unpack(InputStream packed, String name, int rank, long packedLength)
      throws IOException {
    try (InputStream in = new GZIPInputStream(packed, 1 << 16)) {
      int[] sizes = header(in, name, rank);
      long expected = bytes(sizes);
      if (expected > MAX_UNPACKED_BYTES) {
        throw new DataException(
            name
                + ": expected at most "
                + MAX_UNPACKED_BYTES
                + " bytes when unpacked, got a header of "
                + expected
                + "; unpack it with gunzip, plain files have no such limit");
      }
      // Before memory is taken for what the header claims.
      if (expected > packedLength * MAX_DEFLATE_RATIO) {
        throw wrongLength(name, sizes, expected, packedLength * MAX_DEFLATE_RATIO);
      }
      byte[] values = new byte[(int) expected];
      int read = in.readNBytes(values, 0, values.length);
      if (read < values.length) {
        throw wrongLength(name, sizes, headerBytes(rank) + expected, headerBytes(rank) + read);
      }
      if (in.read() >= 0) {
        throw wrongLength(
            name, sizes, headerBytes(rank) + expected, headerBytes(rank) + expected + 1);
      }
      return new IdxFile(name, sizes, values, null);
    } catch (EOFException | ZipException e) {
      throw new DataException(
          name + ": expected whole gz data, got " + e.getMessage() + "; copy the file again", e);
    }
  }

  private static int[] header(InputStream in, String name, int rank) throws IOException {
    byte[] header = in.readNBytes(headerBytes(rank));
    if (header.length < headerBytes(rank)) {
      throw new DataException(
          name
              + ": offset "
              + header.length
              + ": expected an IDX header of "
              + headerBytes(rank)
              + " bytes, got the end of the file; copy the file again");
    }
    ByteBuffer fields = ByteBuffer.wrap(header);
    int magic = fields.getInt();
    int expected = 0x0800 | rank;
    if (magic != expected) {
      throw new DataException(
          "%s: offset 0: expected IDX magic %08x (unsigned bytes, %d dimensions), got %08x; is it the right file?"
              .formatted(name, expected, rank, magic));
    }
    int[] sizes = new int[rank];
    for (int i = 0; i < rank; i++) {
      sizes[i] = fields.getInt();
      int most = i == 0 ? Integer.MAX_VALUE : 4096;
      if (sizes[i] < 1 || sizes[i] > most) {
        throw new DataException(
            "%s: offset %d: expected dimension %d to be 1 to %d, got %d; the file is damaged"
                .formatted(name, 4 + 4 * i, i, most, Integer.toUnsignedLong(sizes[i])));
      }
    }
    return sizes;
  }

  private static int headerBytes(int rank) {
    return 4 + 4 * rank;
  }

  private static long bytes(int[] sizes) {
    long product = 1;
    for (int size : sizes) {
      product *= size; // at most 2^31 x 2^12 x 2^12
    }
    return product;
  }

  private static DataException wrongLength(String name, int[] sizes, long expected, long got) {
    return new DataException(
        name
            + ": expected "
            + expected
            + " bytes for sizes "
            + Arrays.toString(sizes)
            + ", got "
            + (got < expected ? "the end at offset " + got : got + " or more")
            + "; the file is torn, copy it again");
  }

  String name() {
    return name;
  }

  int count() {
    return sizes[0];
  }

  /** Size of a dimension; 0 is the count. */
  int size(int dimension) {
    return sizes[dimension];
  }

  /** The bytes of one item, in a new array. */
  byte[] item(int index) {
    byte[] item = new byte[itemBytes];
    long offset = (long) index * itemBytes;
    if (channel == null) {
      System.arraycopy(values, (int) offset, item, 0, itemBytes);
    } else {
      Channels.readFully(channel, name, headerBytes(sizes.length) + offset, item);
    }
    return item;
  }

  /** The bytes of all items: for labels. */
  byte[] all() {
    byte[] all = new byte[Math.toIntExact(bytes(sizes))];
    if (channel == null) {
      System.arraycopy(values, 0, all, 0, all.length);
    } else {
      Channels.readFully(channel, name, headerBytes(sizes.length), all);
    }
    return all;
  }

  @Override
  public void close() {
    if (channel != null) {
      Channels.close(channel, name);
    }
  }
}
