package io.millrace.app.downstream;

import io.millrace.LabeledImage;
import io.millrace.app.data.ImageSource;
import io.millrace.app.data.SourceImage;
import io.millrace.app.produce.ImageRecords;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.schemas.AvroCodec;
import io.millrace.serving.Answer;
import io.millrace.serving.Predictor;
import io.millrace.topology.config.ImageConfig;
import io.millrace.topology.decode.Decoded;
import io.millrace.topology.decode.ImageDecoder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Images that were never trained on, to measure a model with. */
public final class HeldOut {

  private static final int BATCH = 250;

  private final List<byte[]> pixels;
  private final List<Integer> labels;

  private HeldOut(List<byte[]> pixels, List<Integer> labels) {
    this.pixels = pixels;
    this.labels = labels;
  }

  /**
   * Decodes all images of a source, as a learner of this network would.
   *
   * @throws IllegalArgumentException if an image does not fit the network
   */
  public static HeldOut of(ImageSource source, NetworkSpec network, ImageConfig images) {
    AvroCodec<LabeledImage> codec = AvroCodec.of(LabeledImage.class);
    ImageDecoder decoder = new ImageDecoder(network, images);
    List<byte[]> pixels = new ArrayList<>(source.size());
    List<Integer> labels = new ArrayList<>(source.size());
    for (SourceImage image : source) {
      switch (decoder.decode(codec.encode(ImageRecords.of(image, 0)))) {
        case Decoded.Accepted accepted -> {
          pixels.add(accepted.pixels());
          labels.add(accepted.label());
        }
        case Decoded.Rejected rejected ->
            throw new IllegalArgumentException(
                "held-out image " + image.id() + ": " + rejected.message());
      }
    }
    return new HeldOut(pixels, labels);
  }

  /** Images that were decoded already. */
  public static HeldOut of(Collection<Decoded.Accepted> images) {
    return new HeldOut(
        images.stream().map(Decoded.Accepted::pixels).toList(),
        images.stream().map(Decoded.Accepted::label).toList());
  }

  public static HeldOut none() {
    return new HeldOut(List.of(), List.of());
  }

  public int size() {
    return pixels.size();
  }

  /** Predicts the first {@code count} images, or all, and counts what is right. */
  public int correct(Predictor predictor, int count) {
    int correct = 0;
    int end = Math.min(count, size());
    for (int from = 0; from < end; from += BATCH) {
      List<Answer> answers = predictor.predict(pixels.subList(from, Math.min(from + BATCH, end)));
      for (int i = 0; i < answers.size(); i++) {
        correct += answers.get(i).label() == labels.get(from + i) ? 1 : 0;
      }
    }
    return correct;
  }
}
