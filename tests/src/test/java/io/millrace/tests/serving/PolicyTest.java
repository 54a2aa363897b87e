package io.millrace.tests.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.model.kernel.KernelLookup;
import io.millrace.serving.Answer;
import io.millrace.serving.Canary;
import io.millrace.serving.Freshness;
import io.millrace.serving.Freshness.OnStale;
import io.millrace.serving.Predictor;
import io.millrace.serving.ServingMeters;
import io.millrace.serving.Shadow;
import io.millrace.serving.Snapshot;
import io.millrace.serving.StaleModelException;
import io.millrace.tests.support.Eventually;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How old a model may be, and two models beside one another. */
class PolicyTest {
  private static final CountingModel MODEL = CountingModel.small();
  private static final Predictor.Options OPTIONS =
      new Predictor.Options(1, 1, 8, KernelLookup.lookup());
  private static final List<byte[]> ONES = List.of(MODEL.ones());

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final ServingMeters meters = ServingMeters.of(registry);

  private double count(String name) {
    return registry.get("millrace.serving." + name).counter().count();
  }

  private static Freshness aged(Snapshot snapshot, long ageMs, OnStale onStale) {
    Instant now = Instant.ofEpochMilli(snapshot.publishedMs() + ageMs);
    return new Freshness(Duration.ofMillis(100), onStale, Clock.fixed(now, ZoneOffset.UTC));
  }

  @Test
  void answersTellTheModelsAge() {
    Snapshot snapshot = MODEL.snapshot(1);
    Told told = new Told();
    try (Predictor predictor =
        new Predictor(OPTIONS.withFreshness(aged(snapshot, 100, OnStale.REFUSE), told))) {
      predictor.onSnapshot(snapshot);
      Answer answer = predictor.predict(MODEL.ones());
      assertEquals(100, answer.ageMs());
      assertFalse(answer.stale());
      assertFalse(predictor.refuses());
    }
    assertEquals(List.of(), told.lines());
  }

  @Test
  void aStaleModelServesOrSaysSoOrRefuses() {
    Snapshot snapshot = MODEL.snapshot(1);
    for (OnStale onStale : OnStale.values()) {
      Told told = new Told();
      Predictor.Options options =
          OPTIONS.withFreshness(aged(snapshot, 101, onStale), told).withMeters(meters);
      try (Predictor predictor = new Predictor(options)) {
        predictor.onSnapshot(snapshot);
        for (int i = 0; i < 3; i++) {
          if (onStale == OnStale.REFUSE) {
            StaleModelException refused =
                assertThrows(StaleModelException.class, () -> predictor.predict(MODEL.ones()));
            assertTrue(
                String.valueOf(refused.getMessage())
                    .startsWith("counting version 1: expected a model of at most 100 ms, got one"),
                refused::toString);
          } else {
            assertEquals(
                onStale == OnStale.FLAG, predictor.predict(MODEL.ones()).stale(), "" + onStale);
          }
        }
        assertEquals(onStale == OnStale.REFUSE, predictor.refuses());
      }
      assertEquals(List.of("stale 1 101"), told.lines(), "told once");
    }
    assertEquals(6, count("predictions"));
    assertEquals(3, count("refused"));
  }

  @Test
  void aShareOfTheKeysMeetsTheCanaryAndAlwaysTheSame() {
    try (Predictor stable = new Predictor(OPTIONS);
        Predictor candidate = new Predictor(OPTIONS)) {
      stable.onSnapshot(MODEL.snapshot(1));
      Canary canary = new Canary(stable, candidate, 0.2, meters);
      List<String> keys = IntStream.range(0, 2_000).mapToObj(i -> "user-" + i).toList();
      // As long as the candidate has nothing, the other answers for it.
      keys.forEach(key -> assertEquals(1, version(canary, key)));
      long picked = keys.stream().filter(canary::picks).count();
      assertTrue(picked > 330 && picked < 470, "picked of 2,000 at 20 %: " + picked);

      candidate.onSnapshot(MODEL.snapshot(2));
      keys.forEach(key -> assertEquals(canary.picks(key) ? 2 : 1, version(canary, key), key));
      assertEquals(picked, role("candidate"));
      assertEquals(picked, role("fallback"));
      assertEquals(2 * (2_000 - picked), role("stable"));
      Canary wider = new Canary(stable, candidate, 0.5, ServingMeters.none());
      assertTrue(keys.stream().filter(canary::picks).allMatch(wider::picks));
    }
  }

  private static long version(Canary canary, String key) {
    return canary.predict(key, ONES).getFirst().version();
  }

  private long role(String role) {
    return Math.round(registry.get("millrace.serving.canary").tag("role", role).counter().count());
  }

  @Test
  void theShadowPredictsTheSameImagesAndNobodyWaitsForIt() {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (Predictor serving = new Predictor(OPTIONS);
        Predictor shadowed = new Predictor(OPTIONS);
        Shadow shadow =
            new Shadow(
                serving,
                shadowed,
                2,
                (served, second) -> {
                  assertEquals(1, served.version());
                  assertEquals(2, second.version());
                  entered.countDown();
                  awaitQuietly(goOn);
                },
                meters)) {
      serving.onSnapshot(MODEL.snapshot(1));
      // Without a model the shadow says nothing, and the answer is there all the same.
      assertEquals(1, shadow.predict(ONES).getFirst().version());
      awaitCount("shadow.failed", 1);
      shadowed.onSnapshot(MODEL.snapshot(2));
      assertEquals(1, shadow.predict(ONES).getFirst().version());
      awaitQuietly(entered);
      // One is held up and two wait: there is no room for more.
      for (int i = 0; i < 5; i++) {
        assertEquals(1, shadow.predict(ONES).getFirst().version());
      }
      assertEquals(3, count("shadow.dropped"));
      goOn.countDown();
      awaitCount("shadow.agreed", 3);
    }
    assertEquals(0, count("shadow.disagreed"));
  }

  private void awaitCount(String name, double expected) {
    Eventually.await(
        name, () -> Optional.of(count(name)).filter(c -> c == expected), () -> "" + count(name));
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
