package io.millrace.app.data;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Makes the bundled sample from the whole of Fashion-MNIST. How to run it is in the sample's
 * README.
 *
 * <p>Walks a split in the order of {@link ImageOrder} with seed {@value #SEED}, takes an image
 * while its class has not its share yet, and writes those taken in the set's own order.
 */
final class FashionMnistSampleGenerator {
  static final long SEED = 20171124;

  private FashionMnistSampleGenerator() {}

  /** The two files of a sample, unpacked. */
  record Sample(byte[] images, byte[] labels) {}

  static int perClass(Split split) {
    return split == Split.TRAIN ? 1_200 : 200;
  }

  /** Picks the images of a split from the whole set in a folder. */
  static Sample generate(Path wholeSet, Split split) {
    IdxFolder.Pair files = IdxFolder.find(wholeSet, split);
    try (IdxSource whole =
        IdxSource.open(
            files.images(),
            files.labels(),
            split,
            java.util.Optional.of(FashionMnist.CLASS_NAMES))) {
      return encode(whole, pick(whole, perClass(split)));
    }
  }

  private static int[] pick(IdxSource whole, int perClass) {
    int[] picked = new int[perClass * whole.classNames().size()];
    int[] taken = new int[whole.classNames().size()];
    ImageOrder order = ImageOrder.once(whole.size(), OptionalLong.of(SEED));
    int count = 0;
    for (int position = 0; count < picked.length; position++) {
      int index = order.at(position);
      if (taken[whole.label(index)] < perClass) {
        taken[whole.label(index)]++;
        picked[count++] = index;
      }
    }
    Arrays.sort(picked);
    return picked;
  }

  private static Sample encode(IdxSource whole, int[] picked) {
    ByteArrayOutputStream imageBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream labelBytes = new ByteArrayOutputStream();
    try (DataOutputStream images = new DataOutputStream(imageBytes);
        DataOutputStream labels = new DataOutputStream(labelBytes)) {
      images.writeInt(0x803);
      images.writeInt(picked.length);
      images.writeInt(28);
      images.writeInt(28);
      labels.writeInt(0x801);
      labels.writeInt(picked.length);
      for (int index : picked) {
        SourceImage image = whole.image(index);
        images.write(image.data());
        labels.writeByte(image.label());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Sample(imageBytes.toByteArray(), labelBytes.toByteArray());
  }

  /** Packs as gzip -9 does, without a name or a time: the same bytes wherever zlib is the same. */
  static byte[] pack(byte[] content) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new BestGzip(packed)) {
      out.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  private static final class BestGzip extends GZIPOutputStream {
    BestGzip(OutputStream out) throws IOException {
      super(out);
      def.setLevel(Deflater.BEST_COMPRESSION);
    }
  }

  /**
   * Writes the sample.
   *
   * @param args folder of the whole set, folder to write to
   */
  public static void main(String[] args) throws IOException {
    Path target = Path.of(args[1]);
    for (Split split : Split.values()) {
      Sample sample = generate(Path.of(args[0]), split);
      String prefix = split == Split.TRAIN ? "train" : "t10k";
      Files.write(target.resolve(prefix + "-images-idx3-ubyte.gz"), pack(sample.images()));
      Files.write(target.resolve(prefix + "-labels-idx1-ubyte.gz"), pack(sample.labels()));
    }
  }
}
