package io.millrace.tests.examples;

import io.millrace.UnlabeledImage;
import io.millrace.schemas.AvroCodec;
import io.millrace.schemas.TensorBytes;
import io.millrace.serving.Answer;
import io.millrace.serving.Predictor;
import io.millrace.serving.SnapshotSubscriber;
import io.millrace.serving.SubscriberConfig;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;

/** A Kafka Streams job of your own that says of each image what the newest model sees in it. */
public final class EnrichingJob {

  private static final AvroCodec<UnlabeledImage> IMAGES = AvroCodec.of(UnlabeledImage.class);

  private EnrichingJob() {}

  /** Reads {@code shop.photos} and writes {@code shop.sorted}. */
  public static Topology topology(Predictor predictor) {
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream("shop.photos", Consumed.with(Serdes.String(), Serdes.ByteArray()))
        .mapValues(value -> TensorBytes.array(IMAGES.decode(value).getData()))
        .mapValues(pixels -> describe(predictor.predict(List.of(pixels)).getFirst()))
        .to("shop.sorted", Produced.with(Serdes.String(), Serdes.String()));
    return builder.build();
  }

  private static String describe(Answer answer) {
    return "%s (%.0f %%) says version %d"
        .formatted(
            answer.className().orElse("class " + answer.label()),
            100 * answer.probabilities()[answer.label()],
            answer.version());
  }

  /** Starts the job once there is a model; whoever called closes it. */
  public static KafkaStreams start(
      SubscriberConfig snapshots, Predictor predictor, Properties properties) throws Exception {
    SnapshotSubscriber subscriber = SnapshotSubscriber.start(snapshots, predictor);
    subscriber.awaitFirst(Duration.ofMinutes(1));
    KafkaStreams streams = new KafkaStreams(topology(predictor), properties);
    streams.setStateListener((now, _) -> {
      if (now == KafkaStreams.State.NOT_RUNNING) {
        subscriber.close();
      }
    });
    streams.start();
    return streams;
  }
}
