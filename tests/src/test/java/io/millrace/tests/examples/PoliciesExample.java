package io.millrace.tests.examples;

import io.millrace.schemas.RecordSignatures;
import io.millrace.schemas.RecordSignatures.TrustedKeys;
import io.millrace.serving.Answer;
import io.millrace.serving.Canary;
import io.millrace.serving.Freshness;
import io.millrace.serving.ModelSelection;
import io.millrace.serving.Predictor;
import io.millrace.serving.ServingMeters;
import io.millrace.serving.SnapshotSubscriber;
import io.millrace.serving.SubscriberConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A downstream program: signed versions only, a canary, and a model that may not be too old. */
final class PoliciesExample {
  private PoliciesExample() {}

  // begin
  static List<Answer> predict(
      String servers, String publicKeyPem, String user, List<byte[]> images, ServingMeters meters)
      throws Exception {
    TrustedKeys keys =
        new TrustedKeys(Map.of("release-2026", RecordSignatures.publicKey(publicKeyPem)));
    SubscriberConfig signed = SubscriberConfig.of(servers).withTrustedKeys(keys);
    SubscriberConfig champion =
        signed.withSelection("counting", new ModelSelection.Alias("champion"));
    SubscriberConfig challenger =
        signed.withSelection("counting", new ModelSelection.Alias("challenger"));
    Freshness freshness = Freshness.of(Duration.ofMinutes(10), Freshness.OnStale.FLAG);
    Predictor.Options options = Predictor.Options.defaults().withFreshness(freshness, _ -> {});
    try (Predictor stable = new Predictor(options.withMeters(meters.tagged("role", "champion")));
        Predictor next = new Predictor(options.withMeters(meters.tagged("role", "challenger")));
        SnapshotSubscriber first = SnapshotSubscriber.start(champion, stable);
        SnapshotSubscriber second = SnapshotSubscriber.start(challenger, next)) {
      var _ = first.awaitFirst(Duration.ofSeconds(30));
      var _ = second.awaitFirst(Duration.ofSeconds(30));
      Canary canary = new Canary(stable, next, 0.05, meters); // 5 % of the users
      return canary.predict(user, images);
    }
  }
  // end
}
