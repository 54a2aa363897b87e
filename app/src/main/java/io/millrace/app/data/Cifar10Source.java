package io.millrace.app.data;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * CIFAR-10 in its binary form (Krizhevsky's page): records of one label byte and 3,072 image bytes,
 * 3 planes of 32 x 32. Training images are in {@code data_batch_*.bin}, held-out ones in {@code
 * test_batch.bin}; ids are {@code <split>-<index over all files, 6 digits>}.
 */
public final class Cifar10Source implements ImageSource {
  private static final int IMAGE_BYTES = 3 * 32 * 32;
  private static final int RECORD_BYTES = 1 + IMAGE_BYTES;

  public static final List<String> CLASS_NAMES =
      List.of(
          "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

  /** One file, open; {@code first} is the index of its first image. */
  private record Batch(Path file, FileChannel channel, int first, int count) {}

  private final Path folder;
  private final Split split;
  private final List<Batch> batches;
  private final int size;

  private Cifar10Source(Path folder, Split split, List<Batch> batches) {
    this.folder = folder;
    this.split = split;
    this.batches = batches;
    this.size = batches.getLast().first() + batches.getLast().count();
  }

  /** Whether a folder has files of either split. */
  static boolean looksLike(Path folder) {
    return Listing.of(folder).stream()
        .anyMatch(file -> isBatch(file, Split.TRAIN) || isBatch(file, Split.TEST));
  }

  private static boolean isBatch(Path file, Split split) {
    String name = file.getFileName().toString();
    return name.matches(split == Split.TRAIN ? "data_batch_[0-9]+\\.bin" : "test_batch\\.bin");
  }

  /** Opens the files of a split. */
  public static Cifar10Source open(Path folder, Split split) {
    List<Path> files = Listing.of(folder).stream().filter(f -> isBatch(f, split)).toList();
    if (files.isEmpty()) {
      throw new DataException(
          folder
              + ": expected CIFAR-10's "
              + (split == Split.TRAIN ? "data_batch_1.bin ... data_batch_5.bin" : "test_batch.bin")
              + ", got none of them; unpack cifar-10-binary.tar.gz there");
    }
    List<Batch> batches = new ArrayList<>();
    try {
      for (Path file : files) {
        int first = batches.isEmpty() ? 0 : batches.getLast().first() + batches.getLast().count();
        batches.add(open(file, first));
      }
      return new Cifar10Source(folder, split, List.copyOf(batches));
    } catch (DataException e) {
      closeAll(batches);
      throw e;
    }
  }

  private static Batch open(Path file, int first) {
    try {
      long length = Files.size(file);
      long count = length / RECORD_BYTES;
      if (length % RECORD_BYTES != 0 || count == 0 || count > Integer.MAX_VALUE - first) {
        throw new DataException(
            "%s: expected whole records of %d bytes, got %d bytes: %d records and %d bytes from offset %d; the file is torn, copy it again"
                .formatted(
                    file,
                    RECORD_BYTES,
                    length,
                    count,
                    length % RECORD_BYTES,
                    count * RECORD_BYTES));
      }
      return new Batch(file, FileChannel.open(file), first, (int) count);
    } catch (IOException e) {
      throw DataException.unreadable(file, e);
    }
  }

  @Override
  public String description() {
    return "CIFAR-10 in " + folder;
  }

  @Override
  public List<String> classNames() {
    return CLASS_NAMES;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public String id(int index) {
    return split.text() + "-%06d".formatted(index);
  }

  @Override
  public SourceImage image(int index) {
    Batch batch = batchOf(index);
    long offset = (long) (index - batch.first()) * RECORD_BYTES;
    byte[] record = new byte[RECORD_BYTES];
    Channels.readFully(batch.channel(), batch.file().toString(), offset, record);
    int label = record[0] & 0xff;
    if (label >= CLASS_NAMES.size()) {
      throw new DataException(
          "%s: offset %d: expected a label from 0 to 9, got %d; the file is damaged or not CIFAR-10"
              .formatted(batch.file(), offset, label));
    }
    byte[] data = new byte[IMAGE_BYTES];
    System.arraycopy(record, 1, data, 0, IMAGE_BYTES);
    return new SourceImage(id(index), label, SourceImage.Encoding.RAW, 3, 32, 32, data);
  }

  private Batch batchOf(int index) {
    for (Batch batch : batches) {
      if (index >= batch.first() && index - batch.first() < batch.count()) {
        return batch;
      }
    }
    throw new IndexOutOfBoundsException("image " + index + " of " + size);
  }

  @Override
  public void close() {
    closeAll(batches);
  }

  private static void closeAll(List<Batch> batches) {
    batches.forEach(batch -> Channels.close(batch.channel(), batch.file().toString()));
  }
}
