package io.millrace.app.tensorboard;

import io.millrace.Histogram;
import io.millrace.model.protobuf.ProtoMessage;
import java.util.List;

/** What one event shows: scalars, histograms and pictures, each with its tag. */
final class Summary {

  /** Fields of Summary and of Summary.Value. */
  private static final int VALUE = 1;

  private static final int TAG = 1;
  private static final int SIMPLE_VALUE = 2;
  private static final int IMAGE = 4;
  private static final int HISTOGRAM = 5;

  private final ProtoMessage message = new ProtoMessage();

  Summary scalar(String tag, double value) {
    return add(new ProtoMessage().text(TAG, tag).real(SIMPLE_VALUE, (float) value));
  }

  /**
   * A histogram whose bins have equal widths; one without values is left out. Sums, from which
   * TensorBoard takes nothing but a mean, are those of the bins' middles.
   */
  Summary histogram(String tag, Histogram histogram) {
    List<Integer> counts = histogram.getCounts();
    if (counts.isEmpty()) {
      return this;
    }
    double low = histogram.getLow();
    double high = histogram.getHigh();
    double width = (high - low) / counts.size();
    double[] limits = new double[counts.size()];
    double[] bins = new double[counts.size()];
    double number = 0;
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < bins.length; i++) {
      double middle = low + (i + 0.5) * width;
      bins[i] = counts.get(i);
      limits[i] = i + 1 == bins.length ? high : low + (i + 1) * width;
      number += bins[i];
      sum += bins[i] * middle;
      squares += bins[i] * middle * middle;
    }
    // Fields of HistogramProto: min, max, num, sum, sum_squares, bucket_limit, bucket.
    ProtoMessage proto =
        new ProtoMessage()
            .real64(1, low)
            .real64(2, high)
            .real64(3, number)
            .real64(4, sum)
            .real64(5, squares)
            .doubles(6, limits)
            .doubles(7, bins);
    return add(new ProtoMessage().text(TAG, tag).message(HISTOGRAM, proto));
  }

  Summary image(String tag, Picture picture) {
    // Fields of Summary.Image: height, width, colorspace (the number of channels), bytes.
    ProtoMessage proto =
        new ProtoMessage()
            .number(1, picture.height())
            .number(2, picture.width())
            .number(3, picture.channels())
            .bytes(4, picture.png());
    return add(new ProtoMessage().text(TAG, tag).message(IMAGE, proto));
  }

  private Summary add(ProtoMessage value) {
    message.message(VALUE, value);
    return this;
  }

  ProtoMessage message() {
    return message;
  }
}
