package io.millrace.tests.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Changes bytes without knowing what they mean. A result never exceeds {@code maxBytes}. */
final class Mutator {
  private static final byte[] BYTES = {
    0, 1, 2, 7, 8, 0x0a, 0x20, 0x22, 0x2c, 0x3a, 0x7f, (byte) 0x80, (byte) 0xc3, (byte) 0xfe, -1
  };
  private static final long[] NUMBERS = {
    0,
    1,
    -1,
    2,
    255,
    256,
    4095,
    4096,
    4097,
    65535,
    65536,
    1 << 20,
    (1 << 24) + 1,
    Integer.MAX_VALUE,
    Integer.MAX_VALUE - 8,
    Integer.MIN_VALUE,
    1L << 31,
    1L << 32,
    (1L << 32) + 4,
    1L << 62,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  private final List<byte[]> dictionary;
  private final int maxBytes;

  Mutator(List<byte[]> dictionary, int maxBytes) {
    this.dictionary = dictionary;
    this.maxBytes = maxBytes;
  }

  static List<byte[]> texts(String... tokens) {
    return Stream.of(tokens).map(token -> token.getBytes(StandardCharsets.UTF_8)).toList();
  }

  static <T> T pick(SplittableRandom random, List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  /** A number that lies at some border. */
  static long number(SplittableRandom random) {
    long number = NUMBERS[random.nextInt(NUMBERS.length)];
    return random.nextInt(4) == 0 ? number + random.nextInt(-2, 3) : number;
  }

  /** A seed after one to six changes, mostly few. */
  byte[] mutate(SplittableRandom random, List<byte[]> seeds) {
    return change(random, pick(random, seeds), seeds);
  }

  /** The same for a seed that is chosen already. */
  byte[] change(SplittableRandom random, byte[] seed, List<byte[]> seeds) {
    byte[] bytes = seed;
    int changes = 1 + random.nextInt(1 + random.nextInt(6));
    for (int i = 0; i < changes; i++) {
      bytes = changeOnce(random, bytes, seeds);
      if (bytes.length > maxBytes) {
        bytes = Arrays.copyOf(bytes, maxBytes);
      }
    }
    return bytes;
  }

  private byte[] changeOnce(SplittableRandom random, byte[] bytes, List<byte[]> seeds) {
    int at = random.nextInt(bytes.length + 1);
    int end = at + random.nextInt(Math.min(bytes.length - at, 64) + 1);
    return switch (random.nextInt(14)) {
      case 0, 1 -> overwrite(bytes, at, flipped(random, bytes, at));
      case 2, 3 -> overwrite(bytes, at, new byte[] {BYTES[random.nextInt(BYTES.length)]});
      case 4 -> Arrays.copyOf(bytes, at);
      case 5 -> splice(bytes, at, end, new byte[0]);
      case 6 -> inserted(bytes, at, Arrays.copyOfRange(bytes, at, end));
      case 7 -> inserted(bytes, at, repeated(random, Arrays.copyOfRange(bytes, at, end)));
      case 8 -> inserted(bytes, at, randomBytes(random, 1 + random.nextInt(16)));
      case 9 -> crossed(random, bytes, at, pick(random, seeds));
      case 10 -> overwrite(bytes, at, fixed(random));
      case 11 -> overwrite(bytes, at, varint(number(random)));
      case 12 -> inserted(bytes, at, varint(number(random)));
      default -> token(random, bytes, at, end);
    };
  }

  private byte[] token(SplittableRandom random, byte[] bytes, int at, int end) {
    if (dictionary.isEmpty()) {
      return overwrite(bytes, at, randomBytes(random, 4));
    }
    byte[] token = pick(random, dictionary);
    return random.nextBoolean()
        ? overwrite(bytes, at, token)
        : splice(bytes, at, random.nextBoolean() ? at : end, token);
  }

  private static byte[] flipped(SplittableRandom random, byte[] bytes, int at) {
    int before = at < bytes.length ? bytes[at] : 0;
    return new byte[] {(byte) (before ^ (1 << random.nextInt(8)))};
  }

  /** Rarely so often that the input becomes large. */
  private byte[] repeated(SplittableRandom random, byte[] part) {
    int most = Math.max(1, maxBytes / Math.max(1, part.length));
    int times = Math.min(most, random.nextInt(50) == 0 ? most : 1 + random.nextInt(16));
    byte[] repeated = new byte[part.length * times];
    for (int i = 0; i < times; i++) {
      System.arraycopy(part, 0, repeated, i * part.length, part.length);
    }
    return repeated;
  }

  /** The beginning of one input and the end of another. */
  private static byte[] crossed(SplittableRandom random, byte[] bytes, int at, byte[] other) {
    int from = random.nextInt(other.length + 1);
    return splice(bytes, at, bytes.length, Arrays.copyOfRange(other, from, other.length));
  }

  /** A length of 2 or 4 bytes, big-endian mostly. */
  private static byte[] fixed(SplittableRandom random) {
    ByteBuffer buffer = ByteBuffer.allocate(random.nextBoolean() ? 4 : 2);
    buffer.order(random.nextInt(4) == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    long number = number(random);
    return buffer.capacity() == 4
        ? buffer.putInt((int) number).array()
        : buffer.putShort((short) number).array();
  }

  /** A number as Avro writes it: zigzag, 7 bits a byte, the lowest first. */
  static byte[] varint(long number) {
    byte[] bytes = new byte[10];
    long rest = (number << 1) ^ (number >> 63);
    int length = 0;
    while ((rest & ~0x7FL) != 0) {
      bytes[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
    return Arrays.copyOf(bytes, length);
  }

  static byte[] randomBytes(SplittableRandom random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] overwrite(byte[] bytes, int at, byte[] by) {
    byte[] changed = bytes.clone();
    System.arraycopy(by, 0, changed, at, Math.min(by.length, bytes.length - at));
    return changed;
  }

  static byte[] inserted(byte[] bytes, int at, byte[] by) {
    int end = at; // nothing is replaced
    return splice(bytes, at, end, by);
  }

  /** The bytes with those from {@code from} to {@code to} replaced. */
  static byte[] splice(byte[] bytes, int from, int to, byte[] by) {
    byte[] spliced = new byte[bytes.length - (to - from) + by.length];
    System.arraycopy(bytes, 0, spliced, 0, from);
    System.arraycopy(by, 0, spliced, from, by.length);
    System.arraycopy(bytes, to, spliced, from + by.length, bytes.length - to);
    return spliced;
  }
}
