package io.millrace.app.data;

import static io.millrace.app.data.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScaledSourceTest {
  @TempDir private Path folder;

  @Test
  void outputPixelIsTheMeanOfWhatItCovers() {
    byte[] image = {0, 10, 20, 30, 40, 50, 60, 70}; // 2 x 4
    assertArrayEquals(image, ScaledSource.scale(image, 1, 2, 4, 2, 4));
    assertArrayEquals(new byte[] {25, 45}, ScaledSource.scale(image, 1, 2, 4, 1, 2));
    assertArrayEquals(new byte[] {35}, ScaledSource.scale(image, 1, 2, 4, 1, 1));
    // 4 columns on 3: weights 3:1, 2:2 and 1:3 quarters; 2.5 rounds up.
    byte[] row = {0, 10, 20, 30};
    assertArrayEquals(new byte[] {3, 15, 28}, ScaledSource.scale(row, 1, 1, 4, 1, 3));
    // Enlarged by two, pixels are doubled, and planes do not mix.
    byte[] planes = {1, 2, (byte) 254, (byte) 255};
    assertArrayEquals(
        new byte[] {1, 1, 2, 2, (byte) 254, (byte) 254, (byte) 255, (byte) 255},
        ScaledSource.scale(planes, 2, 1, 2, 1, 4));
  }

  @Test
  void uniformImageStaysUniformAtAwkwardSizes() {
    byte[] image = new byte[31 * 17];
    Arrays.fill(image, (byte) 200);
    for (int size : new int[] {1, 7, 28, 33}) {
      byte[] expected = new byte[size * (size + 1)];
      Arrays.fill(expected, (byte) 200);
      assertArrayEquals(expected, ScaledSource.scale(image, 1, 31, 17, size, size + 1));
    }
  }

  @Test
  void decodesColourAndGrayWithoutBendingValues() throws IOException {
    BufferedImage gray = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_GRAY);
    gray.getRaster().setSample(0, 0, 0, 100);
    gray.getRaster().setSample(1, 0, 0, 7);
    write("a/gray.png", gray);
    BufferedImage colour = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
    colour.setRGB(0, 0, 0xff102030);
    colour.setRGB(1, 0, 0xffff0000);
    write("b/colour.png", colour);
    try (ImageSource source = new ScaledSource(FolderSource.open(folder), 1, 1, 2)) {
      assertArrayEquals(new byte[] {100, 7}, source.image(0).data());
      // (299*16 + 587*32 + 114*48)/1000 = 29.04; 299*255/1000 = 76.2
      assertArrayEquals(new byte[] {29, 76}, source.image(1).data());
      assertEquals(source.id(1), source.image(1).id());
    }
    try (ImageSource source = new ScaledSource(FolderSource.open(folder), 3, 1, 2)) {
      assertArrayEquals(new byte[] {100, 7, 100, 7, 100, 7}, source.image(0).data());
      assertArrayEquals(new byte[] {16, -1, 32, 0, 48, 0}, source.image(1).data());
      assertEquals(1, source.image(1).label());
    }
  }

  private void write(String name, BufferedImage image) throws IOException {
    Files.createDirectories(folder.resolve(name).getParent());
    ImageIO.write(image, "png", folder.resolve(name).toFile());
  }

  @Test
  void refusesTornAndHugeImagesAndSizes() throws IOException {
    Path file = Samples.image(folder.resolve("a/x.png"), "png", 50, 50, true);
    byte[] whole = Files.readAllBytes(file);
    try (ImageSource source = new ScaledSource(FolderSource.open(folder), 3, 8, 8)) {
      Files.write(file, Arrays.copyOf(whole, whole.length / 2));
      assertRefused(DataException.class, () -> source.image(0), "a/x.png", "whole PNG");
      byte[] huge = whole.clone();
      huge[17] = 1; // width += 65,536
      huge[21] = 1;
      Files.write(file, huge);
      assertRefused(
          DataException.class, () -> source.image(0), "at most 67108864 pixels", "65586 x 65586");
      assertRefused(DataException.class, () -> new ScaledSource(source, 2, 8, 8), "1 or 3");
      assertRefused(DataException.class, () -> new ScaledSource(source, 3, 0, 8), "got 0x8");
    }
  }
}
