package io.millrace.topology;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BatchTrigger;
import io.millrace.LabeledImage;
import io.millrace.SnapshotManifest;
import io.millrace.TensorInfo;
import io.millrace.TrainingMetrics;
import io.millrace.schemas.AvroCodec;
import io.millrace.schemas.DeadLetterHeaders;
import io.millrace.topology.config.GuardConfig;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.config.MinibatchConfig;
import io.millrace.topology.config.SnapshotConfig;
import io.millrace.topology.config.TopicNames;
import io.millrace.topology.learn.Observer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.function.BiConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MillraceTopologyTest {

  private static final AvroCodec<LabeledImage> IMAGES = AvroCodec.of(LabeledImage.class);
  private static final TopicNames TOPICS = TopicNames.defaults();

  @TempDir Path stateFolder;

  /** What came out of a run, per topic, in order. */
  private record Run(
      List<TrainingMetrics> metrics,
      List<TestRecord<byte[], byte[]>> snapshots,
      List<TestRecord<byte[], byte[]>> deadLetters) {

    List<SnapshotManifest> manifests() {
      return snapshots.stream()
          .filter(record -> key(record).endsWith("/manifest") && record.value() != null)
          .map(record -> AvroCodec.of(SnapshotManifest.class).decode(record.value()))
          .toList();
    }
  }

  @Test
  void trainsOncePerFullMinibatch() {
    Run run = run(SmallLearner.config(), (input, driver) -> pipe(input, 0, 11));
    assertEquals(2, run.metrics().size());
    TrainingMetrics second = run.metrics().get(1);
    assertEquals(2, second.getStep());
    assertEquals(8, second.getImages());
    assertEquals(BatchTrigger.COUNT, second.getTrigger());
    assertEquals(4, second.getSources().get(0).getFirstOffset());
    assertEquals(7, second.getSources().get(0).getLastOffset());
    assertEquals(0.05, second.getLearningRate());
    assertEquals(8, second.getWindowSize());
    assertEquals(0, run.deadLetters().size());
  }

  @Test
  void publishesSnapshotEveryNStepsAndTombstonesOldOnes() {
    Run run = run(SmallLearner.config(), (input, driver) -> pipe(input, 0, 32));
    assertEquals(
        List.of(1L, 2L, 3L, 4L),
        run.manifests().stream().map(SnapshotManifest::getVersion).toList());
    assertEquals(
        List.of(2L, 4L, 6L, 8L), run.manifests().stream().map(SnapshotManifest::getStep).toList());
    SnapshotManifest last = run.manifests().getLast();
    assertEquals(3L, last.getParentVersion().orElseThrow());
    assertEquals(32, last.getImages());
    assertEquals(8, last.getTensors().size(), "conv 2, norm 4, out 2, without velocities");
    List<String> tombstones =
        run.snapshots().stream().filter(r -> r.value() == null).map(r -> key(r)).toList();
    assertTrue(tombstones.contains("small/000000000001/manifest"), tombstones.toString());
    assertTrue(tombstones.contains("small/000000000002/tensor/conv.weight/0"));
    assertTrue(tombstones.stream().noneMatch(key -> key.startsWith("small/000000000003")));
  }

  @Test
  void namesTheTensorsLayerByLayer() {
    Run run = run(SmallLearner.config(), (input, driver) -> pipe(input, 0, 8));
    assertEquals(
        List.of(
            "conv.weight",
            "conv.bias",
            "norm.weight",
            "norm.bias",
            "norm.running_mean",
            "norm.running_var",
            "out.weight",
            "out.bias"),
        run.manifests().getFirst().getTensors().stream().map(TensorInfo::getName).toList());
  }

  @Test
  void writesTheManifestAfterItsTensors() {
    Run run = run(SmallLearner.config(), (input, driver) -> pipe(input, 0, 8));
    assertEquals("small/000000000001/manifest", key(run.snapshots().getLast()));
  }

  @Test
  void givesTheSameRecordsForTheSameInput() {
    Run first = run(SmallLearner.config(), (input, driver) -> pipe(input, 0, 40));
    Run second = run(SmallLearner.config(), (input, driver) -> pipe(input, 0, 40));
    assertEquals(withoutObserved(first.metrics()), withoutObserved(second.metrics()));
    assertEquals(first.manifests().getLast().getSha256(), second.manifests().getLast().getSha256());
  }

  @Test
  void trainsPartOfAMinibatchThatLingers() {
    LearnerConfig config =
        SmallLearner.config(
            new MinibatchConfig(SmallLearner.BATCH, 1_000), new SnapshotConfig(100, 0, 2));
    Run run =
        run(
            config,
            (input, driver) -> {
              pipe(input, 0, 3);
              driver.advanceWallClockTime(Duration.ofMillis(900));
              driver.advanceWallClockTime(Duration.ofMillis(600));
            });
    assertEquals(1, run.metrics().size());
    assertEquals(BatchTrigger.LINGER, run.metrics().get(0).getTrigger());
    assertEquals(3, run.metrics().get(0).getBatchSize());
  }

  @Test
  void publishesWhatWasLearnedAfterSomeSeconds() {
    LearnerConfig config =
        SmallLearner.config(
            new MinibatchConfig(SmallLearner.BATCH, 0), new SnapshotConfig(0, 5, 2));
    Run run =
        run(
            config,
            (input, driver) -> {
              pipe(input, 0, 4);
              driver.advanceWallClockTime(Duration.ofSeconds(4));
              driver.advanceWallClockTime(Duration.ofSeconds(2));
              driver.advanceWallClockTime(Duration.ofSeconds(20));
            });
    assertEquals(1, run.manifests().size(), "nothing more was learned, so nothing more is said");
    assertEquals(1, run.manifests().get(0).getStep());
  }

  @Test
  void putsBadRecordsAsideWithTheirReasonAndLearnsAsIfTheyHadNotBeen() {
    Run clean = run(SmallLearner.config(), (input, driver) -> pipe(input, 0, 16));
    byte[] wrongLabel = bytes(99);
    LabeledImage labeled = IMAGES.decode(wrongLabel);
    labeled.setLabel(77);
    Run mixed =
        run(
            SmallLearner.config(),
            (input, driver) -> {
              pipe(input, 0, 5);
              input.pipeInput("torn".getBytes(StandardCharsets.UTF_8), new byte[] {1, 2, 3});
              input.pipeInput(new byte[0], new byte[0]);
              pipe(input, 5, 16);
              input.pipeInput("label".getBytes(StandardCharsets.UTF_8), IMAGES.encode(labeled));
            });
    assertEquals(clean.manifests().getLast().getSha256(), mixed.manifests().getLast().getSha256());
    assertEquals(
        List.of("UNREADABLE_RECORD", "EMPTY_RECORD", "LABEL_OUT_OF_RANGE"),
        mixed.deadLetters().stream().map(r -> header(r, DeadLetterHeaders.REASON)).toList());
    TestRecord<byte[], byte[]> torn = mixed.deadLetters().get(0);
    assertArrayEquals(new byte[] {1, 2, 3}, torn.value());
    assertEquals("torn", key(torn));
    assertEquals("millrace.images", header(torn, DeadLetterHeaders.TOPIC));
    assertEquals("0", header(torn, DeadLetterHeaders.PARTITION));
    assertEquals("5", header(torn, DeadLetterHeaders.OFFSET));
    assertEquals(2, mixed.metrics().getLast().getRejected());
  }

  /** Or a task that comes back later would find the instance paused, and never be restored. */
  @Test
  void aPausedTaskThatLeavesDoesNotLeaveTheInstancePaused() {
    List<String> told = new ArrayList<>();
    Observer observer =
        new Observer() {
          @Override
          public void paused(String reason) {
            told.add("paused");
          }

          @Override
          public void resumed() {
            told.add("resumed");
          }
        };
    LearnerConfig config =
        SmallLearner.config(
            new MinibatchConfig(1, 0),
            new SnapshotConfig(100, 0, 2),
            new GuardConfig(2, 1e-9, 1, false));
    Properties properties = StreamsProperties.of(config);
    properties.put(StreamsConfig.STATE_DIR_CONFIG, stateFolder.toString());
    var topology = MillraceTopology.build(config, observer);
    try (var driver = new TopologyTestDriver(topology, properties)) {
      var serializer = new ByteArraySerializer();
      pipe(driver.createInputTopic(TOPICS.images(), serializer, serializer), 0, 200);
      assertEquals(List.of("paused"), told);
    }
    assertEquals(List.of("paused", "resumed"), told);
  }

  @Test
  void tellsNothingBeforeTheFirstMinibatchIsFull() {
    Run run = run(SmallLearner.config(), (input, driver) -> pipe(input, 0, 3));
    assertEquals(0, run.metrics().size());
    assertEquals(0, run.snapshots().size());
  }

  @Test
  void givesTheFirstSnapshotNoParent() {
    Run run = run(SmallLearner.config(), (input, driver) -> pipe(input, 0, 8));
    assertTrue(run.manifests().getFirst().getParentVersion().isEmpty());
  }

  private Run run(
      LearnerConfig config, BiConsumer<TestInputTopic<byte[], byte[]>, TopologyTestDriver> script) {
    Properties properties = StreamsProperties.of(config);
    properties.put(StreamsConfig.STATE_DIR_CONFIG, stateFolder.toString());
    var topology = MillraceTopology.build(config, new Observer() {});
    try (var driver = new TopologyTestDriver(topology, properties)) {
      var serializer = new ByteArraySerializer();
      script.accept(driver.createInputTopic(TOPICS.images(), serializer, serializer), driver);
      List<TrainingMetrics> metrics = new ArrayList<>();
      AvroCodec<TrainingMetrics> codec = AvroCodec.of(TrainingMetrics.class);
      read(driver, TOPICS.metrics()).forEach(r -> metrics.add(codec.decode(r.value())));
      return new Run(metrics, read(driver, TOPICS.snapshots()), read(driver, TOPICS.deadLetters()));
    }
  }

  private static List<TestRecord<byte[], byte[]>> read(TopologyTestDriver driver, String topic) {
    var deserializer = new ByteArrayDeserializer();
    return driver.createOutputTopic(topic, deserializer, deserializer).readRecordsToList();
  }

  private static void pipe(TestInputTopic<byte[], byte[]> input, int from, int to) {
    for (int i = from; i < to; i++) {
      input.pipeInput(("image-" + i).getBytes(StandardCharsets.UTF_8), bytes(i));
    }
  }

  private static byte[] bytes(int index) {
    return IMAGES.encode(SmallLearner.image(index));
  }

  private static List<TrainingMetrics> withoutObserved(List<TrainingMetrics> metrics) {
    metrics.forEach(m -> m.getObserved().setTimeMs(0));
    metrics.forEach(m -> m.getObserved().setImagesPerSecond(0));
    metrics.forEach(m -> m.setEventTimeWatermarkMs(0L));
    return metrics;
  }

  private static String key(TestRecord<byte[], byte[]> record) {
    return new String(record.key(), StandardCharsets.UTF_8);
  }

  private static String header(TestRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
