package io.millrace.app.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FashionMnistSampleTest {
  @ParameterizedTest
  @EnumSource(Split.class)
  void everyClassHasItsShareOfDifferentImages(Split split) {
    int perClass = FashionMnistSampleGenerator.perClass(split);
    int[] counts = new int[10];
    Set<String> different = new HashSet<>();
    try (ImageSource sample = FashionMnist.sample(split)) {
      for (SourceImage image : sample) {
        assertEquals(28 * 28, image.data().length);
        counts[image.label()]++;
        different.add(new String(image.data(), StandardCharsets.ISO_8859_1));
      }
      assertEquals(FashionMnist.CLASS_NAMES, sample.classNames());
      // The whole set has a few images twice.
      assertTrue(different.size() > sample.size() * 0.999, "different: " + different.size());
    }
    int[] expected = new int[10];
    Arrays.fill(expected, perClass);
    assertArrayEquals(expected, counts);
  }

  @Test
  void filesAreThoseThatWereCommitted() throws IOException {
    String sums = new String(resource("SHA256SUMS"), StandardCharsets.UTF_8);
    assertEquals(4, sums.lines().count());
    for (String line : sums.lines().toList()) {
      String name = line.substring(64).strip();
      byte[] hash = Download.sha256().digest(resource(name));
      assertEquals(line.substring(0, 64), HexFormat.of().formatHex(hash), name);
    }
  }

  /** Where the whole set is not on the machine the other tests are all that can be said. */
  @ParameterizedTest
  @EnumSource(Split.class)
  void generatorPicksTheSameImagesAgain(Split split) throws IOException {
    String prefix = split == Split.TRAIN ? "train" : "t10k";
    byte[] images = unpack(resource(prefix + "-images-idx3-ubyte.gz"));
    byte[] labels = unpack(resource(prefix + "-labels-idx1-ubyte.gz"));
    FashionMnist found = FashionMnist.locate(FashionMnist.Options.standard(), line -> {});
    if (found.folder().isEmpty()) {
      assertEquals(10 * FashionMnistSampleGenerator.perClass(split) + 8, labels.length);
      return;
    }
    var made = FashionMnistSampleGenerator.generate(found.folder().get(), split);
    assertArrayEquals(made.labels(), labels);
    assertArrayEquals(made.images(), images);
    assertArrayEquals(made.labels(), unpack(FashionMnistSampleGenerator.pack(made.labels())));
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = FashionMnist.class.getResourceAsStream("fashion-mnist-sample/" + name)) {
      if (in == null) {
        throw new AssertionError("no resource " + name);
      }
      return in.readAllBytes();
    }
  }

  private static byte[] unpack(byte[] packed) throws IOException {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      return in.readAllBytes();
    }
  }
}
