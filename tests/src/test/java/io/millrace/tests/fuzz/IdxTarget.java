package io.millrace.tests.fuzz;

import io.millrace.app.data.DataException;
import io.millrace.app.data.IdxSource;
import io.millrace.app.data.Split;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;

/** IDX files, plain and packed, each as the images and as the labels of a pair. */
final class IdxTarget extends DataFileTarget {
  private static final int MAX_BYTES = 4096;
  private static final int COUNT = 3;

  private final byte[] images = idx(COUNT, 4, 5);
  private final byte[] labels = idx(COUNT);
  private final List<byte[]> plain = List.of(images, labels);
  private final List<byte[]> seeds = List.of(images, labels, gzip(images), gzip(labels));
  private final Mutator mutator = new Mutator(List.of(), MAX_BYTES);
  private final Path goodImages;
  private final Path goodLabels;

  IdxTarget(Path folder) {
    super(folder, "fuzz");
    goodImages = folder.resolve("good-images");
    goodLabels = folder.resolve("good-labels");
    write(goodImages, images);
    write(goodLabels, labels);
  }

  private static byte[] idx(int... sizes) {
    int items = 1;
    for (int size : sizes) {
      items *= size;
    }
    ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * sizes.length + items);
    bytes.putInt(0x0800 | sizes.length);
    for (int size : sizes) {
      bytes.putInt(size);
    }
    while (bytes.hasRemaining()) {
      bytes.put((byte) (bytes.position() % 10));
    }
    return bytes.array();
  }

  static byte[] gzip(byte[] bytes) {
    var packed = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  @Override
  public String name() {
    return "idx";
  }

  @Override
  public int weight() {
    return 30;
  }

  @Override
  public List<byte[]> seeds() {
    return seeds;
  }

  @Override
  public long maxAllocationBytes() {
    return 12 << 20;
  }

  @Override
  public String allocationReason() {
    return "inputs of at most 4 KiB, of which deflate cannot make more than 1032 times as much, in"
        + " two readers; their buffers of 64 KiB";
  }

  @Override
  public byte[] input(SplittableRandom random) {
    return switch (random.nextInt(4)) {
      case 0 -> mutator.mutate(random, seeds);
      case 1 -> gzip(mutator.mutate(random, plain));
      default -> mutator.mutate(random, plain);
    };
  }

  /** Taken as images with good labels and as labels with good images; one of them may fail. */
  @Override
  void read(Path file) {
    boolean asImages = opens(file, goodLabels);
    boolean asLabels = opens(goodImages, file);
    if (!asImages && !asLabels) {
      throw new DataException("neither images nor labels");
    }
  }

  private static boolean opens(Path images, Path labels) {
    try (IdxSource source = IdxSource.open(images, labels, Split.TRAIN, Optional.empty())) {
      for (int i = 0; i < Math.min(source.size(), 4); i++) {
        source.image(i);
      }
      source.image(source.size() - 1);
      return true;
    } catch (DataException e) {
      return false;
    }
  }
}
