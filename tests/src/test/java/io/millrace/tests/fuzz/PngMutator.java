package io.millrace.tests.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Changes a PNG chunk by chunk and mends lengths and checksums, so that the reader goes on. */
final class PngMutator {
  private static final int SIGNATURE_BYTES = 8;
  private static final List<String> TYPES =
      List.of(
          "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT", "bKGD",
          "hIST", "pHYs", "sPLT", "tIME", "tEXt", "zTXt", "iTXt", "acTL", "fdAT", "ABCD");

  private final Mutator mutator;

  PngMutator(Mutator mutator) {
    this.mutator = mutator;
  }

  private record Chunk(String type, byte[] data) {}

  byte[] mutate(SplittableRandom random, byte[] png) {
    List<Chunk> chunks = parse(png);
    for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
      change(random, chunks);
    }
    return write(random, chunks);
  }

  private void change(SplittableRandom random, List<Chunk> chunks) {
    int at = random.nextInt(chunks.size());
    Chunk chunk = chunks.get(at);
    switch (random.nextInt(8)) {
      case 0 -> chunks.set(at, new Chunk(chunk.type(), mutated(random, chunk.data())));
      case 1 -> chunks.add(at, chunk);
      case 2 -> {
        if (chunks.size() > 1) {
          chunks.remove(at);
        }
      }
      case 3 -> Collections.swap(chunks, at, random.nextInt(chunks.size()));
      case 4 -> chunks.set(at, new Chunk(Mutator.pick(random, TYPES), chunk.data()));
      case 5 -> chunks.add(at, new Chunk(Mutator.pick(random, TYPES), extra(random)));
      case 6 -> pixels(random, chunks);
      default -> text(random, chunks);
    }
  }

  /** Changes what the inflater gives, not what it takes. */
  private void pixels(SplittableRandom random, List<Chunk> chunks) {
    for (int i = 0; i < chunks.size(); i++) {
      if (chunks.get(i).type().equals("IDAT")) {
        byte[] rows = mutated(random, inflate(chunks.get(i).data()));
        chunks.set(i, new Chunk("IDAT", deflate(rows)));
      }
    }
  }

  /** Compressed text, many times as long as it looks, and perhaps many of them. */
  private static void text(SplittableRandom random, List<Chunk> chunks) {
    boolean large = random.nextInt(40) == 0;
    byte[] bomb = deflate(new byte[large ? 200_000 : random.nextInt(2000)]);
    String type = random.nextBoolean() ? "zTXt" : random.nextBoolean() ? "iTXt" : "iCCP";
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    data.writeBytes("key".getBytes(StandardCharsets.US_ASCII));
    data.writeBytes(type.equals("iTXt") ? new byte[] {0, 1, 0, 0, 0} : new byte[] {0, 0});
    data.writeBytes(bomb);
    int times = large ? 1 + random.nextInt(200) : 1;
    for (int i = 0; i < times; i++) {
      chunks.add(Math.min(1, chunks.size()), new Chunk(type, data.toByteArray()));
    }
  }

  private static byte[] extra(SplittableRandom random) {
    return Mutator.randomBytes(random, random.nextInt(40));
  }

  private byte[] mutated(SplittableRandom random, byte[] data) {
    return mutator.change(random, data, List.of(data));
  }

  private static List<Chunk> parse(byte[] png) {
    List<Chunk> chunks = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(png, SIGNATURE_BYTES, png.length - SIGNATURE_BYTES);
    while (in.hasRemaining()) {
      byte[] data = new byte[in.getInt()];
      byte[] type = new byte[4];
      in.get(type).get(data).getInt();
      chunks.add(new Chunk(new String(type, StandardCharsets.US_ASCII), data));
    }
    return chunks;
  }

  private static byte[] write(SplittableRandom random, List<Chunk> chunks) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
    for (Chunk chunk : chunks) {
      byte[] type = chunk.type().getBytes(StandardCharsets.US_ASCII);
      CRC32 crc = new CRC32();
      crc.update(type);
      crc.update(chunk.data());
      boolean lies = random.nextInt(60) == 0;
      int length = lies ? (int) Mutator.number(random) : chunk.data().length;
      out.writeBytes(ByteBuffer.allocate(4).putInt(length).array());
      out.writeBytes(type);
      out.writeBytes(chunk.data());
      out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }
    return out.toByteArray();
  }

  static byte[] deflate(byte[] data) {
    try (Deflater deflater = new Deflater()) {
      deflater.setInput(data);
      deflater.finish();
      byte[] out = new byte[data.length / 500 + data.length + 64];
      return Arrays.copyOf(out, deflater.deflate(out));
    }
  }

  private static byte[] inflate(byte[] data) {
    byte[] out = new byte[1 << 16];
    try (Inflater inflater = new Inflater()) {
      inflater.setInput(data);
      return Arrays.copyOf(out, inflater.inflate(out));
    } catch (DataFormatException e) {
      return data;
    }
  }
}
