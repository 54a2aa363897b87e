package io.millrace.tests.fuzz;

import io.millrace.app.data.CsvSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/** A list of images with labels, of which one image is there. */
final class CsvTarget extends DataFileTarget {
  private static final int MAX_BYTES = 1 << 16;

  private final List<byte[]> seeds =
      Mutator.texts(
          "path,label\na.png,0\na.png,2\n",
          "\uFEFFa.png,cat\r\n\"a.png\",\"dog\"\r\n\r\na.png , dog\r\n",
          "a.png,\"a \"\"b\"\", c\"\n");
  private final Mutator mutator =
      new Mutator(
          Mutator.texts(
              "path,label\n",
              ",",
              "\"",
              "\"\"",
              "\n",
              "\r\n",
              "\r",
              "\uFEFF",
              "\0",
              "-1",
              "+0",
              "99999",
              "100000",
              "4294967296",
              "000000000000001",
              "../",
              "/",
              "\\",
              "\u2028",
              "%s",
              "\uFFFD",
              "\u0661"),
          MAX_BYTES);

  CsvTarget(Path folder) {
    super(folder, "list.csv");
    PictureSeeds pictures = new PictureSeeds(1, 4);
    write(folder.resolve("a.png"), pictures.pngs().getFirst());
  }

  @Override
  public String name() {
    return "csv";
  }

  @Override
  public int weight() {
    return 25;
  }

  @Override
  public List<byte[]> seeds() {
    return seeds;
  }

  @Override
  public long maxAllocationBytes() {
    return 16 << 20;
  }

  @Override
  public String allocationReason() {
    return "inputs of at most 64 KiB: a line of two bytes becomes texts and objects of at most 200;"
        + " up to 100,000 numbers as names of classes";
  }

  @Override
  public byte[] input(SplittableRandom random) {
    if (random.nextInt(20) == 0) {
      String line = "a.png," + Hostile.text(random) + "\n";
      return mutator.change(random, line.getBytes(StandardCharsets.UTF_8), seeds);
    }
    return mutator.mutate(random, seeds);
  }

  @Override
  void read(Path file) {
    try (CsvSource source = CsvSource.open(file)) {
      for (int i = 0; i < Math.min(source.size(), 4); i++) {
        source.image(i);
      }
    }
  }
}
