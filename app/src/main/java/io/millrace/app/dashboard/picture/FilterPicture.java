package io.millrace.app.dashboard.picture;

import io.millrace.ConvolutionFilters;
import java.util.List;
import java.util.Optional;

/**
 * The filters of a convolution side by side, dark for the smallest weight of all and light for the
 * largest; in color where they see red, green and blue, else the mean over their channels.
 */
public final class FilterPicture {
  private static final int MAX_FILTERS = 256;
  private static final int MAX_KERNEL = 32;
  private static final int CELL = 30;
  private static final int GAP = 6;
  private static final int COLUMNS = 8;

  private final List<Float> values;
  private final int filters;
  private final int channels;
  private final int height;
  private final int width;
  private float low;
  private float high;

  private FilterPicture(List<Float> values, List<Integer> shape) {
    this.values = values;
    filters = Math.min(MAX_FILTERS, shape.get(0));
    channels = shape.get(1);
    height = shape.get(2);
    width = shape.get(3);
  }

  /**
   * The filters as a PNG file.
   *
   * @return empty if the record's numbers do not fit each other, or are too many to be shown
   */
  public static Optional<byte[]> png(ConvolutionFilters filters) {
    List<Integer> shape = filters.getShape();
    if (shape.size() != 4 || shape.stream().anyMatch(extent -> extent < 1)) {
      return Optional.empty();
    }
    long elements = 1;
    for (int extent : shape) {
      elements = Math.min(Integer.MAX_VALUE, elements * extent);
    }
    if (elements != filters.getValues().size()
        || shape.get(2) > MAX_KERNEL
        || shape.get(3) > MAX_KERNEL) {
      return Optional.empty();
    }
    return Optional.of(new FilterPicture(filters.getValues(), shape).pixels().png());
  }

  private Pixels pixels() {
    int shown = channels == 3 ? 3 : 1;
    int scale = Math.max(1, CELL / Math.max(height, width));
    int columns = Math.min(COLUMNS, filters);
    int rows = (filters + columns - 1) / columns;
    int cellHeight = height * scale + GAP;
    int cellWidth = width * scale + GAP;
    int pictureHeight = rows * cellHeight - GAP;
    int pictureWidth = columns * cellWidth - GAP;
    byte[] planes = new byte[shown * pictureHeight * pictureWidth];
    measure(shown);
    for (int c = 0; c < shown; c++) {
      for (int filter = 0; filter < filters; filter++) {
        int top = filter / columns * cellHeight;
        int left = filter % columns * cellWidth;
        for (int y = 0; y < height * scale; y++) {
          int row = (c * pictureHeight + top + y) * pictureWidth + left;
          for (int x = 0; x < width * scale; x++) {
            planes[row + x] = shade(weight(filter, c, y / scale, x / scale, shown));
          }
        }
      }
    }
    return new Pixels(shown, pictureHeight, pictureWidth, planes);
  }

  private void measure(int shown) {
    low = Float.MAX_VALUE;
    high = -Float.MAX_VALUE;
    for (int filter = 0; filter < filters; filter++) {
      for (int c = 0; c < shown; c++) {
        for (int y = 0; y < height; y++) {
          for (int x = 0; x < width; x++) {
            float weight = weight(filter, c, y, x, shown);
            if (Float.isFinite(weight)) {
              low = Math.min(low, weight);
              high = Math.max(high, weight);
            }
          }
        }
      }
    }
  }

  private float weight(int filter, int channel, int y, int x, int shown) {
    if (shown == channels) {
      return at(filter, channel, y, x);
    }
    float sum = 0;
    for (int c = 0; c < channels; c++) {
      sum += at(filter, c, y, x);
    }
    return sum / channels;
  }

  private float at(int filter, int channel, int y, int x) {
    return values.get(((filter * channels + channel) * height + y) * width + x);
  }

  private byte shade(float weight) {
    if (!Float.isFinite(weight) || high <= low) {
      return (byte) 127;
    }
    return (byte) Math.round(255 * ((double) weight - low) / ((double) high - low));
  }
}
