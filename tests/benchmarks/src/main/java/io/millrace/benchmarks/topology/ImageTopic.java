package io.millrace.benchmarks.topology;

import io.millrace.app.data.ImageOrder;
import io.millrace.app.data.ImageSource;
import io.millrace.app.data.SourceImage;
import io.millrace.app.produce.ImageProducer;
import io.millrace.app.produce.TopicSetup;
import io.millrace.benchmarks.engines.RealImages;
import io.millrace.model.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** The topic of images of one shape, which every learner of that shape reads from its beginning. */
final class ImageTopic {
  /** A busy machine looks slower than it is a minute later. */
  private static final long LEAST_BYTES = 100 << 20;

  private static final OptionalLong SEED = OptionalLong.of(1);

  private ImageTopic() {}

  static String name(Shape input) {
    return "images-" + input.extent(0) + "x" + input.extent(1) + "x" + input.extent(2);
  }

  /** Sends images until the topic, which must be there, has so many, and not just a few. */
  static void fill(Where where, Shape input, long wanted) {
    long count = Math.max(wanted, LEAST_BYTES / input.elements());
    Map<String, String> client = Map.of("bootstrap.servers", where.servers());
    long present;
    try (TopicSetup setup = TopicSetup.connect(client)) {
      present = setup.endOffsets(name(input))[0];
    }
    if (present >= count) {
      return;
    }
    try (ImageSource source = RealImages.open(where.dataset(), input);
        ImageProducer producer = new ImageProducer(client, name(input), 0)) {
      var _ =
          producer.send(
              source,
              new ImageOrder(source.size(), SEED, count),
              ImageProducer.Start.at(present),
              _ -> {});
    }
  }

  /** The first images of the topic, for a loop without one. */
  static List<SourceImage> first(Where where, Shape input, int count) {
    List<SourceImage> images = new ArrayList<>(count);
    try (ImageSource source = RealImages.open(where.dataset(), input)) {
      ImageOrder order = ImageOrder.forever(source.size(), SEED);
      for (int position = 0; position < count; position++) {
        images.add(source.image(order.at(position)));
      }
    }
    return images;
  }
}
