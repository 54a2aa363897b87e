package io.millrace.tests.examples;

import io.millrace.serving.Answer;
import io.millrace.serving.Predictor;
import io.millrace.serving.Snapshot;
import io.millrace.serving.SnapshotSubscriber;
import io.millrace.serving.SubscriberConfig;
import java.time.Duration;

/** A downstream program: follows a model and predicts one image. */
final class ConsumerExample {
  private ConsumerExample() {}

  // begin
  static String classOfABlackImage(String bootstrapServers) throws Exception {
    SubscriberConfig config = SubscriberConfig.of(bootstrapServers);
    try (Predictor predictor = new Predictor(Predictor.Options.defaults());
        SnapshotSubscriber subscriber = SnapshotSubscriber.start(config, predictor)) {
      Snapshot snapshot = subscriber.awaitFirst(Duration.ofSeconds(30));
      byte[] pixels = new byte[snapshot.network().input().elements()]; // [c][h][w], 0 to 255
      Answer answer = predictor.predict(pixels); // from any thread; newer versions swap in
      return answer.className().orElse("class " + answer.label());
    }
  }
  // end
}
