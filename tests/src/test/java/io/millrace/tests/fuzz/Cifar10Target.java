package io.millrace.tests.fuzz;

import io.millrace.app.data.Cifar10Source;
import io.millrace.app.data.SourceImage;
import io.millrace.app.data.Split;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/** A file of CIFAR-10's binary form. */
final class Cifar10Target extends DataFileTarget {
  private static final int RECORD_BYTES = 1 + 3 * 32 * 32;
  private static final int MAX_BYTES = 6 * RECORD_BYTES;

  private final List<byte[]> seeds = List.of(new byte[RECORD_BYTES], new byte[2 * RECORD_BYTES]);
  private final Mutator mutator = new Mutator(List.of(new byte[RECORD_BYTES]), MAX_BYTES);
  private final Path folder;

  Cifar10Target(Path folder) {
    super(folder, "data_batch_1.bin");
    this.folder = folder;
  }

  @Override
  public String name() {
    return "cifar10";
  }

  @Override
  public int weight() {
    return 20;
  }

  @Override
  public List<byte[]> seeds() {
    return seeds;
  }

  @Override
  public long maxAllocationBytes() {
    return 1 << 20;
  }

  @Override
  public String allocationReason() {
    return "six images of 3 KiB, read one by one, twice each";
  }

  /** Mostly of whole records, with labels that mostly are none. */
  @Override
  public byte[] input(SplittableRandom random) {
    if (random.nextInt(3) == 0) {
      return mutator.mutate(random, seeds);
    }
    byte[] records = new byte[RECORD_BYTES * (1 + random.nextInt(3))];
    records[random.nextInt(records.length)] = (byte) random.nextInt(256);
    records[records.length - RECORD_BYTES] = (byte) random.nextInt(12);
    return records;
  }

  @Override
  void read(Path file) {
    try (Cifar10Source source = Cifar10Source.open(folder, Split.TRAIN)) {
      for (SourceImage image : source) {
        if (image.label() > 9 || image.data().length != RECORD_BYTES - 1) {
          throw new FaultException("accepted " + image);
        }
      }
    }
  }
}
