package io.millrace.tests.fuzz;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;

/** Valid pictures of each kind that a network of this many channels takes, of one size. */
final class PictureSeeds {
  private final int channels;
  private final int side;

  PictureSeeds(int channels, int side) {
    this.channels = channels;
    this.side = side;
  }

  List<byte[]> pngs() {
    List<byte[]> pngs = new ArrayList<>();
    for (int type : channels == 1 ? GRAY : COLOR) {
      for (boolean interlaced : new boolean[] {false, true}) {
        pngs.add(write("png", picture(type), interlaced));
      }
    }
    if (channels == 3) {
      pngs.add(write("png", palette(), false));
    }
    return pngs;
  }

  List<byte[]> jpegs() {
    int type = channels == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR;
    return List.of(write("jpeg", picture(type), false), write("jpeg", picture(type), true));
  }

  private static final int[] GRAY = {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_USHORT_GRAY};
  private static final int[] COLOR = {
    BufferedImage.TYPE_3BYTE_BGR, BufferedImage.TYPE_4BYTE_ABGR, BufferedImage.TYPE_INT_RGB
  };

  private BufferedImage picture(int type) {
    return fill(new BufferedImage(side, side, type));
  }

  private BufferedImage palette() {
    return fill(new BufferedImage(side, side, BufferedImage.TYPE_BYTE_INDEXED));
  }

  private BufferedImage fill(BufferedImage picture) {
    Random random = new Random(side);
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        picture.setRGB(x, y, (random.nextInt(16) * 0x101010 + x * 5) | 0xff000000);
      }
    }
    return picture;
  }

  private static byte[] write(String format, BufferedImage picture, boolean progressive) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
    var bytes = new ByteArrayOutputStream();
    try (var out = ImageIO.createImageOutputStream(bytes)) {
      ImageWriteParam parameters = writer.getDefaultWriteParam();
      parameters.setProgressiveMode(
          progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
      writer.setOutput(out);
      writer.write(null, new IIOImage(picture, null, null), parameters);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
