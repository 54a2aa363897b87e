package io.millrace.tests.faults;

import io.millrace.tests.support.Cluster;
import io.millrace.tests.support.Images;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Sends images at a rate for as long as faults are still to come, and a few records that are no
 * images. It waits for a learner that is behind, so that there always is work in hand and never
 * much of it.
 */
final class Feed {

  /** Images that the learner may be behind. */
  private static final int AHEAD_STEPS = 60;

  /** Images of the bundled sample that are sent before it starts over. */
  private static final int DISTINCT = 9_000;

  private static final int BAD_EVERY = 97;

  private final Cluster cluster;
  private final String topic;
  private final Workload workload;
  private final LongSupplier committedSteps;
  private final Thread thread;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private volatile boolean enough;
  private int images;
  private int bad;

  Feed(Cluster cluster, String topic, Workload workload, LongSupplier committedSteps) {
    this.cluster = cluster;
    this.topic = topic;
    this.workload = workload;
    this.committedSteps = committedSteps;
    this.thread = Thread.ofPlatform().daemon().start(this::run);
  }

  /** What was sent in the end. */
  record Sent(int images, int bad) {
    int records() {
      return images + bad;
    }
  }

  private void run() {
    try {
      while (!enough) {
        if (images < (committedSteps.getAsLong() + AHEAD_STEPS) * workload.batch()) {
          send(workload.batch());
        }
        Pause.ofMs(1_000 / workload.stepsPerSecond());
      }
      // The last minibatch stays unfinished, so that its images are part of what is compared.
      send(2 * workload.batch() - images % workload.batch() + workload.batch() / 2);
    } catch (RuntimeException | AssertionError e) {
      failure.set(e);
    }
  }

  private void send(int count) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int image = images++ % DISTINCT;
      records.addAll(Images.records(topic, image, image + 1));
      if (images % BAD_EVERY == 0) {
        byte[] noImage = ("no image " + bad++).getBytes(StandardCharsets.UTF_8);
        records.add(new ProducerRecord<>(topic, 0, null, noImage));
      }
    }
    cluster.send(records);
  }

  Optional<Throwable> failure() {
    return Optional.ofNullable(failure.get());
  }

  /** Stops in mid-minibatch and says what was sent. */
  Sent finish() {
    enough = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while images are sent", e);
    }
    failure()
        .ifPresent(fault -> {
          throw new AssertionError("images could not be sent", fault);
        });
    return new Sent(images, bad);
  }
}
