package io.millrace.tests.dashboard;

import io.millrace.app.dashboard.Dashboard;
import io.millrace.app.dashboard.DashboardSettings;
import io.millrace.app.data.FashionMnist;
import io.millrace.app.data.Split;
import io.millrace.tests.support.Cluster;
import io.millrace.tests.support.Images;
import io.millrace.topology.LearnerApplication;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.config.TopicNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A broker, a learner, a stream of real images that does not end, and a page on them. */
final class LiveLearner implements AutoCloseable {
  private static final int SAMPLE = FashionMnist.sample(Split.TRAIN).size();
  private static final long PAUSE_MS = 250;

  private final Cluster cluster;
  private final LearnerConfig config;
  private final LearnerApplication learner;
  private final Thread producer;
  private final List<Dashboard> pages = new ArrayList<>();

  private LiveLearner(
      Cluster cluster, LearnerConfig config, LearnerApplication learner, Thread producer) {
    this.cluster = cluster;
    this.config = config;
    this.learner = learner;
    this.producer = producer;
  }

  /** Says how to learn, from the topics and Kafka's properties. */
  @FunctionalInterface
  interface Settings {
    LearnerConfig of(TopicNames topics, Map<String, String> kafka);
  }

  /**
   * Begins to learn.
   *
   * @param perSecond images that come each second
   */
  static LiveLearner start(Path folder, Settings settings, int perSecond) {
    Cluster cluster = Cluster.embedded(folder);
    String name = cluster.newRun("page");
    String images = cluster.createImages(name);
    TopicNames topics = cluster.createOutputs(name, images);
    LearnerConfig config =
        settings.of(
            topics,
            Map.of(
                "bootstrap.servers",
                cluster.bootstrapServers(),
                "application.id",
                name,
                "state.dir",
                cluster.stateFolder(name).toString(),
                "commit.interval.ms",
                "200"));
    cluster.send(poison(images));
    Thread producer =
        Thread.ofVirtual()
            .start(() -> produce(cluster, images, (int) (perSecond * PAUSE_MS / 1000)));
    return new LiveLearner(cluster, config, LearnerApplication.start(config), producer);
  }

  /** Two records that no network can learn from: one is none, and one has a label too high. */
  private static List<ProducerRecord<byte[], byte[]>> poison(String topic) {
    var image = Images.image(0);
    image.setLabel(Images.CLASSES + 2);
    return List.of(
        new ProducerRecord<>(topic, 0, null, "not an image".getBytes(StandardCharsets.UTF_8)),
        new ProducerRecord<>(topic, 0, null, Images.encode(image)));
  }

  private static void produce(Cluster cluster, String topic, int each) {
    try {
      for (int from = 0; ; from = (from + each) % (SAMPLE - each)) {
        cluster.send(Images.records(topic, from, from + each));
        Thread.sleep(PAUSE_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // The test is over.
    }
  }

  LearnerConfig config() {
    return config;
  }

  /** A page on this learner, closed with it. */
  Dashboard page(DashboardSettings settings) throws IOException {
    Dashboard page = Dashboard.start(settings);
    pages.add(page);
    return page;
  }

  @Override
  public void close() {
    pages.forEach(Dashboard::close);
    producer.interrupt();
    try {
      producer.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    learner.close();
    cluster.close();
  }
}
