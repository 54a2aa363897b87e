package io.millrace.benchmarks.guards;

import io.millrace.TrainingMetrics;
import io.millrace.app.data.ImageOrder;
import io.millrace.app.data.ImageSource;
import io.millrace.app.data.SourceImage;
import io.millrace.schemas.AvroCodec;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.decode.DecodedImage;
import io.millrace.topology.learn.KeyedBytes;
import io.millrace.topology.learn.Observer;
import io.millrace.topology.learn.Output.Channel;
import io.millrace.topology.learn.TrainingSession;
import io.millrace.topology.state.TrainingCheckpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/** One pass of a learner over a data set, a burst of whose labels may be wrong. */
final class Stream {

  /** What each minibatch measured, those of the burst included. */
  private final List<TrainingMetrics> metrics = new ArrayList<>();

  private final AvroCodec<TrainingMetrics> codec = AvroCodec.of(TrainingMetrics.class);

  private Stream() {}

  /**
   * Trains without Kafka.
   *
   * @param from the burst's first image
   * @param to the first image after it; no burst if it is {@code from}
   */
  static List<TrainingMetrics> train(LearnerConfig config, ImageSource source, int from, int to) {
    Stream stream = new Stream();
    ImageOrder order = ImageOrder.forever(source.size(), OptionalLong.of(1));
    int classes = config.network().classes();
    try (TrainingSession session =
        new TrainingSession(config, new TrainingCheckpoint(), new Observer() {}, stream::take)) {
      for (int i = 0; i < source.size(); i++) {
        SourceImage image = source.image(order.at(i));
        int label = i >= from && i < to ? (image.label() + 1) % classes : image.label();
        session.add(new DecodedImage(image.id(), label, image.data(), i, "images", 0, i));
      }
    }
    return stream.metrics;
  }

  private void take(Channel channel, KeyedBytes record) {
    if (channel == Channel.METRICS) {
      metrics.add(codec.decode(Objects.requireNonNull(record.value())));
    }
  }
}
