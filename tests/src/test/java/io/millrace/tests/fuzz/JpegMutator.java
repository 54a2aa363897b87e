package io.millrace.tests.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/** Changes a JPEG segment by segment and mends their lengths. */
final class JpegMutator {
  private static final int[] MARKERS = {
    0xc0, 0xc1, 0xc2, 0xc4, 0xc9, 0xcc, 0xd8, 0xd9, 0xda, 0xdb, 0xdc, 0xdd, 0xe0, 0xe1, 0xe2, 0xee,
    0xfe
  };

  private final Mutator mutator;
  private final int maxBytes;

  JpegMutator(Mutator mutator, int maxBytes) {
    this.mutator = mutator;
    this.maxBytes = maxBytes;
  }

  /**
   * A marker with its segment, and the entropy-coded data that follow a scan's header.
   *
   * @param segment without its length
   * @param alone whether the marker has no segment
   */
  private record Part(int marker, byte[] segment, boolean alone, byte[] scan) {}

  byte[] mutate(SplittableRandom random, byte[] jpeg) {
    List<Part> parts = parse(jpeg);
    for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
      change(random, parts);
    }
    return write(random, parts);
  }

  private void change(SplittableRandom random, List<Part> parts) {
    int at = random.nextInt(parts.size());
    Part part = parts.get(at);
    switch (random.nextInt(8)) {
      case 0, 1 ->
          parts.set(
              at, new Part(part.marker, mutated(random, part.segment), part.alone, part.scan));
      case 2 ->
          parts.set(
              at, new Part(part.marker, part.segment, part.alone, mutated(random, part.scan)));
      case 3 -> repeat(random, parts, at);
      case 4 -> {
        if (parts.size() > 1) {
          parts.remove(at);
        }
      }
      case 5 -> Collections.swap(parts, at, random.nextInt(parts.size()));
      case 6 -> {
        int marker = MARKERS[random.nextInt(MARKERS.length)];
        parts.set(at, new Part(marker, part.segment, part.alone, part.scan));
      }
      default -> parts.add(at, extra(random));
    }
  }

  /** Once mostly; rarely, as when a small file asks for a thousand scans, until it is full. */
  private void repeat(SplittableRandom random, List<Part> parts, int at) {
    Part part = parts.get(at);
    int most = maxBytes / (part.segment.length + part.scan.length + 4);
    int times = random.nextInt(60) == 0 ? Math.min(most, 4000) : 1 + random.nextInt(3);
    parts.addAll(at, Collections.nCopies(times, part));
  }

  private static Part extra(SplittableRandom random) {
    byte[] noise = Mutator.randomBytes(random, random.nextInt(200));
    return switch (random.nextInt(3)) {
      case 0 -> new Part(0xdd, new byte[] {0, (byte) random.nextInt(4)}, false, new byte[0]);
      case 1 -> {
        byte[] name = "ICC_PROFILE\0\1\1".getBytes(StandardCharsets.ISO_8859_1);
        byte[] profile = Mutator.inserted(name, name.length, noise);
        yield new Part(0xe2, profile, false, new byte[0]);
      }
      default -> new Part(MARKERS[random.nextInt(MARKERS.length)], noise, false, new byte[0]);
    };
  }

  private byte[] mutated(SplittableRandom random, byte[] data) {
    return mutator.change(random, data, List.of(data));
  }

  private static List<Part> parse(byte[] jpeg) {
    List<Part> parts = new ArrayList<>();
    int at = 0;
    while (at + 1 < jpeg.length) {
      int marker = jpeg[at + 1] & 0xff;
      boolean alone = marker == 0xd8 || marker == 0xd9;
      int length = alone ? 0 : ((jpeg[at + 2] & 0xff) << 8) | (jpeg[at + 3] & 0xff);
      int end = at + 2 + length;
      int next = end;
      while (marker == 0xda && next + 1 < jpeg.length && !endsScan(jpeg, next)) {
        next++;
      }
      byte[] segment = alone ? new byte[0] : slice(jpeg, at + 4, end);
      parts.add(new Part(marker, segment, alone, slice(jpeg, end, next)));
      at = next;
    }
    return parts;
  }

  private static boolean endsScan(byte[] jpeg, int at) {
    int marker = jpeg[at + 1] & 0xff;
    return jpeg[at] == -1 && marker != 0 && (marker < 0xd0 || marker > 0xd7);
  }

  private static byte[] slice(byte[] bytes, int from, int to) {
    return Arrays.copyOfRange(bytes, from, to);
  }

  private static byte[] write(SplittableRandom random, List<Part> parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Part part : parts) {
      out.write(0xff);
      out.write(part.marker);
      if (!part.alone) {
        boolean lies = random.nextInt(80) == 0;
        int length = lies ? (int) Mutator.number(random) : part.segment.length + 2;
        out.write(length >> 8);
        out.write(length);
        out.writeBytes(part.segment);
      }
      out.writeBytes(part.scan);
    }
    return out.toByteArray();
  }
}
