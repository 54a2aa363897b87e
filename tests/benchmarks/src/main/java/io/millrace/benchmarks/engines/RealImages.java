package io.millrace.benchmarks.engines;

import io.millrace.app.data.DatasetSpec;
import io.millrace.app.data.ImageOrder;
import io.millrace.app.data.ImageSource;
import io.millrace.app.data.ScaledSource;
import io.millrace.app.data.SourceImage;
import io.millrace.model.tensor.PixelNormalization;
import io.millrace.model.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** Shuffled minibatches of a data set, scaled to a network's input and normalized. */
public final class RealImages implements AutoCloseable {
  private static final float MEAN = 0.286f;
  private static final float STD = 0.353f;

  private final ImageSource source;
  private final ImageOrder order;
  private final PixelNormalization normalization;
  private final String dataset;
  private final Shape input;

  /**
   * Opens a data set.
   *
   * @param dataset as on the command line, see {@link DatasetSpec}
   * @param input of the network, [c, h, w]
   */
  public RealImages(String dataset, Shape input, long seed) {
    source = open(dataset, input);
    order = ImageOrder.forever(source.size(), OptionalLong.of(seed));
    float[] mean = new float[input.extent(0)];
    float[] std = new float[input.extent(0)];
    Arrays.fill(mean, MEAN);
    Arrays.fill(std, STD);
    normalization = PixelNormalization.of(mean, std);
    this.dataset = dataset;
    this.input = input;
  }

  /** What a person calls the images. */
  public String description() {
    return String.format(
        Locale.ROOT,
        "%s, %,d images, as %d x %d x %d",
        dataset,
        source.size(),
        input.extent(0),
        input.extent(1),
        input.extent(2));
  }

  /** The minibatch of a step, counted from 0. */
  public Batch batch(long step, int size) {
    int elements = input.elements();
    Batch batch = new Batch(new float[size * elements], new int[size]);
    for (int i = 0; i < size; i++) {
      SourceImage image = source.image(order.at(step * size + i));
      normalization.apply(image.data(), batch.images(), i * elements);
      batch.labels()[i] = image.label();
    }
    return batch;
  }

  /** The minibatches of the first steps. */
  public List<Batch> batches(int count, int size) {
    List<Batch> batches = new ArrayList<>(count);
    for (int step = 0; step < count; step++) {
      batches.add(batch(step, size));
    }
    return batches;
  }

  /** The images of a data set, scaled to a network's input. */
  public static ImageSource open(String dataset, Shape input) {
    ImageSource source = DatasetSpec.parse(dataset).open(_ -> {});
    SourceImage first = source.image(0);
    boolean fits =
        first.encoding() == SourceImage.Encoding.RAW
            && Shape.of(first.channels(), first.height(), first.width()).equals(input);
    return fits
        ? source
        : new ScaledSource(source, input.extent(0), input.extent(1), input.extent(2));
  }

  @Override
  public void close() {
    source.close();
  }
}
