package io.millrace.tests.support;

import io.millrace.SnapshotManifest;
import io.millrace.TrainingMetrics;
import io.millrace.schemas.AvroCodec;
import io.millrace.schemas.SnapshotRecords;
import io.millrace.topology.LearnerApplication;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.config.TopicNames;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** One learner's life on a cluster, over as many starts and stops as a test wants. */
public final class Run {

  private static final AvroCodec<TrainingMetrics> METRICS = AvroCodec.of(TrainingMetrics.class);

  private final Cluster cluster;
  private final String name;
  private final TestLearner learner;
  private final TopicNames topics;

  private Run(Cluster cluster, String name, TestLearner learner, TopicNames topics) {
    this.cluster = cluster;
    this.name = name;
    this.learner = learner;
    this.topics = topics;
  }

  /** A run with its own output topics, over images that other runs may read as well. */
  public static Run of(Cluster cluster, String kind, TestLearner learner, String images) {
    String name = cluster.newRun(kind);
    return new Run(cluster, name, learner, cluster.createOutputs(name, images));
  }

  public String applicationId() {
    return name;
  }

  public TopicNames topics() {
    return topics;
  }

  public Path stateFolder() {
    return cluster.stateFolder(name);
  }

  public LearnerConfig config() {
    return learner.config(name, topics, cluster.bootstrapServers(), stateFolder());
  }

  public LearnerApplication start() {
    return LearnerApplication.start(config());
  }

  /** Learns until the snapshot of {@code step} is published, and stops. */
  public SnapshotManifest learnTo(long step) {
    try (LearnerApplication application = start()) {
      return awaitSnapshot(application, step);
    }
  }

  /** Waits for the snapshot of a step; fails at once with the reason when the learner has died. */
  public SnapshotManifest awaitSnapshot(LearnerApplication application, long step) {
    return awaitSnapshot(step, health(application));
  }

  /** Waits until the learner has committed that it is done with all before {@code offset}. */
  public void awaitCommitted(LearnerApplication application, long offset) {
    cluster.awaitCommitted(name, topics.images(), offset, health(application));
  }

  private static Runnable health(LearnerApplication application) {
    return () -> application.failure().ifPresent(Run::fail);
  }

  /** Waits for the snapshot of a step, with a look at the learner's health at every record. */
  public SnapshotManifest awaitSnapshot(long step, Runnable health) {
    ConsumerRecord<byte[], byte[]> record =
        cluster.await(
            topics.snapshots(),
            "manifest of step " + step,
            candidate -> isManifest(candidate) && open(candidate).getStep() == step,
            health);
    return open(record);
  }

  private static void fail(Throwable cause) {
    throw new AssertionError("the learner stopped by itself", cause);
  }

  /** All manifests that were ever published and not yet compacted away, in order. */
  public List<SnapshotManifest> manifests() {
    return cluster.read(topics.snapshots()).stream()
        .filter(Run::isManifest)
        .map(Run::open)
        .toList();
  }

  /** All metrics, in order. */
  public List<TrainingMetrics> metrics() {
    return cluster.read(topics.metrics()).stream()
        .map(record -> METRICS.decode(record.value()))
        .toList();
  }

  public List<ConsumerRecord<byte[], byte[]>> deadLetters() {
    return cluster.read(topics.deadLetters());
  }

  public static String key(ConsumerRecord<byte[], byte[]> record) {
    return new String(record.key(), StandardCharsets.UTF_8);
  }

  private static boolean isManifest(ConsumerRecord<byte[], byte[]> record) {
    return record.value() != null && key(record).endsWith("/manifest");
  }

  private static SnapshotManifest open(ConsumerRecord<byte[], byte[]> record) {
    return SnapshotRecords.open(record.value());
  }

  /** All that this run has said. */
  public Outcome outcome() {
    return new Outcome(manifests(), metrics());
  }
}
