package io.millrace.app.data;

import static io.millrace.app.data.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.app.data.SourceImage.Encoding;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {

  private static final int IMAGES = 40;

  @TempDir private Path folder;

  @Test
  void whatIsWrittenIsReadBackWithItsClassAndEveryPixel() throws IOException {
    Path photos = folder.resolve("photos");
    try (ImageSource sample = DatasetSpec.parse("fashion-mnist-sample:train").open(line -> {})) {
      assertEquals(IMAGES, ImageFolder.write(sample, IMAGES, photos, ImageFolder.Format.PNG));
      Map<String, SourceImage> byName = new TreeMap<>();
      for (int i = 0; i < IMAGES; i++) {
        byName.put(sample.id(i) + ".png", sample.image(i));
      }
      int found = 0;
      for (Map.Entry<String, SourceImage> entry : byName.entrySet()) {
        SourceImage original = entry.getValue();
        String classFolder = sample.classNames().get(original.label()).replaceAll("[ /]+", "-");
        Path file = photos.resolve(classFolder).resolve(entry.getKey());
        SourceImage read = ImageFiles.read(file, entry.getKey(), 0);
        assertEquals(Encoding.PNG, read.encoding());
        assertEquals(List.of(1, 28, 28), List.of(read.channels(), read.height(), read.width()));
        assertArrayEquals(original.data(), pixels(read));
        found++;
      }
      assertEquals(IMAGES, found);
    }
  }

  @Test
  void coloursStayInTheirPlanes() throws IOException {
    SourceImage image =
        new SourceImage("a", 0, Encoding.RAW, 3, 1, 2, new byte[] {1, 2, 3, 4, 5, 6});
    ImageFolder.write(new OneImage(image), 1, folder, ImageFolder.Format.PNG);
    BufferedImage picture = ImageIO.read(folder.resolve("only/a.png").toFile());
    assertEquals(0x010305, picture.getRGB(0, 0) & 0xffffff);
    assertEquals(0x020406, picture.getRGB(1, 0) & 0xffffff);
  }

  @Test
  void pictureFilesAreCopiedAsTheyAre() throws IOException {
    Samples.image(folder.resolve("from/cat/deep/z.jpeg"), "jpg", 9, 11, false);
    Path to = folder.resolve("to");
    try (ImageSource source = FolderSource.open(folder.resolve("from"))) {
      ImageFolder.write(source, 5, to, ImageFolder.Format.PNG);
    }
    assertArrayEquals(
        Files.readAllBytes(folder.resolve("from/cat/deep/z.jpeg")),
        Files.readAllBytes(to.resolve("cat/cat-deep-z.jpeg")));
  }

  @Test
  void namesCannotLeaveTheFolder() throws IOException {
    SourceImage image = new SourceImage("../../x", 0, Encoding.RAW, 1, 1, 1, new byte[1]);
    ImageFolder.write(new OneImage(image), 1, folder, ImageFolder.Format.PNG);
    assertEquals(
        List.of("-.-..-x.png"),
        Listing.of(folder.resolve("only")).stream().map(p -> p.getFileName().toString()).toList());
  }

  @Test
  void refusesAFolderWithFiles() throws IOException {
    Files.writeString(folder.resolve("mine.txt"), "mine");
    SourceImage image = new SourceImage("a", 0, Encoding.RAW, 1, 1, 1, new byte[1]);
    assertRefused(
        DataException.class,
        () -> ImageFolder.write(new OneImage(image), 1, folder, ImageFolder.Format.PNG),
        "missing or empty");
  }

  /** As a gray picture's plane. */
  private static byte[] pixels(SourceImage image) throws IOException {
    BufferedImage picture = ImageIO.read(new ByteArrayInputStream(image.data()));
    byte[] pixels = new byte[image.height() * image.width()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) picture.getRaster().getSample(i % image.width(), i / image.width(), 0);
    }
    return pixels;
  }

  private record OneImage(SourceImage only) implements ImageSource {
    @Override
    public String description() {
      return "one image";
    }

    @Override
    public List<String> classNames() {
      return List.of("only");
    }

    @Override
    public int size() {
      return 1;
    }

    @Override
    public String id(int index) {
      return only.id();
    }

    @Override
    public SourceImage image(int index) {
      return only;
    }
  }
}
