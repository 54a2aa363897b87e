package io.millrace.topology.predict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.ImageEncoding;
import io.millrace.Prediction;
import io.millrace.UnlabeledImage;
import io.millrace.schemas.AvroCodec;
import io.millrace.schemas.DeadLetterHeaders;
import io.millrace.serving.Answer;
import io.millrace.serving.Predictor;
import io.millrace.serving.Snapshot;
import io.millrace.topology.SmallLearner;
import io.millrace.topology.SmallSnapshots;
import io.millrace.topology.StreamsProperties;
import io.millrace.topology.config.PredictConfig;
import io.millrace.topology.config.PredictTopics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictTopologyTest {

  private static final AvroCodec<UnlabeledImage> IMAGES = AvroCodec.of(UnlabeledImage.class);
  private static final AvroCodec<Prediction> PREDICTIONS = AvroCodec.of(Prediction.class);
  private static final PredictConfig CONFIG = PredictConfig.of("small", Map.of());
  private static final PredictTopics TOPICS = CONFIG.topics();

  @TempDir static Path learnerFolder;

  @SuppressWarnings("NullAway.Init") // by JUnit, before any test
  private static List<Snapshot> snapshots;

  @TempDir Path stateFolder;

  private final NewestModel models = new NewestModel(CONFIG);
  private final PredictMeters meters = new PredictMeters(new SimpleMeterRegistry());

  private record Output(
      List<TestRecord<byte[], byte[]>> predictions, List<TestRecord<byte[], byte[]>> deadLetters) {

    List<Prediction> decoded() {
      return predictions.stream().map(record -> PREDICTIONS.decode(record.value())).toList();
    }
  }

  @BeforeAll
  static void learn() {
    snapshots = SmallSnapshots.learned(3, learnerFolder);
    assertEquals(3, snapshots.size());
  }

  @Test
  void everyImageIsPredictedWithTheNewestSnapshotAndSaysWhich() {
    Output output =
        run(input -> {
          models.onSnapshot(snapshots.get(0));
          input.pipeInput(key(0), IMAGES.encode(image(0)));
          models.onSnapshot(snapshots.get(2));
          input.pipeInput(key(1), IMAGES.encode(image(1)));
        });
    assertEquals(
        List.of(1L, 3L), output.decoded().stream().map(Prediction::getSnapshotVersion).toList());
    assertEquals(2, meters.predictions());
    assertEquals(3, meters.version());
    try (Predictor predictor = new Predictor(Predictor.Options.defaults())) {
      predictor.onSnapshot(snapshots.get(2));
      Answer expected = predictor.predict(List.of(pixels(1))).getFirst();
      Prediction prediction = output.decoded().get(1);
      assertEquals("image-1", prediction.getId());
      assertEquals("small", prediction.getModel());
      assertEquals(expected.label(), prediction.getLabel());
      assertEquals(expected.className(), prediction.getClassName());
      float[] probabilities = new float[prediction.getProbabilities().size()];
      for (int i = 0; i < probabilities.length; i++) {
        probabilities[i] = prediction.getProbabilities().get(i);
      }
      assertArrayEquals(expected.probabilities(), probabilities);
    }
  }

  @Test
  void aPredictionKeepsTheImagesKeyAndTimesButNotItsHeaders() {
    UnlabeledImage timed = image(0);
    timed.setEventTimeMs(5L);
    Output output =
        run(input -> {
          models.onSnapshot(snapshots.getFirst());
          RecordHeaders headers = new RecordHeaders();
          headers.add("millrace.signature", new byte[] {1});
          input.pipeInput(new TestRecord<>(key(0), IMAGES.encode(timed), headers, 77L));
          input.pipeInput(new TestRecord<>(key(1), IMAGES.encode(image(1)), headers, 78L));
        });
    TestRecord<byte[], byte[]> prediction = output.predictions().getFirst();
    assertArrayEquals(key(0), prediction.key());
    assertEquals(77L, prediction.timestamp());
    assertEquals(0, prediction.headers().toArray().length);
    assertEquals(5L, output.decoded().get(0).getEventTimeMs().orElseThrow());
    assertTrue(output.decoded().get(1).getEventTimeMs().isEmpty(), "nothing is made up");
  }

  @Test
  void whatIsNoImageOfTheNetworksSizeBecomesADeadLetterAsItCame() {
    UnlabeledImage wide = image(0);
    wide.setWidth(SmallLearner.SIDE + 1);
    UnlabeledImage damaged = image(0);
    damaged.setEncoding(ImageEncoding.PNG);
    byte[] torn = {1, 2, 3};
    Output output =
        run(input -> {
          models.onSnapshot(snapshots.getFirst());
          input.pipeInput(key(0), torn);
          input.pipeInput(key(1), IMAGES.encode(wide));
          input.pipeInput(key(2), IMAGES.encode(damaged));
          input.pipeInput(key(3), new byte[0]);
          input.pipeInput(key(4), (byte[]) null);
          input.pipeInput(key(5), IMAGES.encode(image(5)));
        });
    assertEquals(
        List.of(
            "UNREADABLE_RECORD", "WRONG_SHAPE", "UNREADABLE_IMAGE", "EMPTY_RECORD", "EMPTY_RECORD"),
        output.deadLetters().stream().map(r -> header(r, DeadLetterHeaders.REASON)).toList());
    TestRecord<byte[], byte[]> first = output.deadLetters().getFirst();
    assertArrayEquals(torn, first.value());
    assertArrayEquals(key(0), first.key());
    assertEquals(TOPICS.unlabeled(), header(first, DeadLetterHeaders.TOPIC));
    assertEquals("0", header(first, DeadLetterHeaders.OFFSET));
    assertArrayEquals(IMAGES.encode(wide), output.deadLetters().get(1).value());
    assertNull(output.deadLetters().get(4).value());
    assertEquals(List.of("image-5"), output.decoded().stream().map(Prediction::getId).toList());
    assertEquals(5, meters.rejected());
  }

  /** Its absence is a fault of the program: no image may be taken in that cannot be predicted. */
  @Test
  void withoutASnapshotTheStreamStopsRatherThanSkipAnImage() {
    StreamsException stopped =
        assertThrows(
            StreamsException.class,
            () -> run(input -> input.pipeInput(key(0), IMAGES.encode(image(0)))));
    assertTrue(
        String.valueOf(stopped.getCause()).contains("expected a snapshot"), stopped::toString);
  }

  private Output run(Consumer<TestInputTopic<byte[], byte[]>> script) {
    Properties properties = StreamsProperties.of(CONFIG);
    properties.put(StreamsConfig.STATE_DIR_CONFIG, stateFolder.toString());
    try (models;
        var driver =
            new TopologyTestDriver(PredictTopology.build(CONFIG, models, meters), properties)) {
      var in = new ByteArraySerializer();
      var out = new ByteArrayDeserializer();
      script.accept(driver.createInputTopic(TOPICS.unlabeled(), in, in));
      return new Output(
          driver.createOutputTopic(TOPICS.predictions(), out, out).readRecordsToList(),
          driver.createOutputTopic(TOPICS.deadLetters(), out, out).readRecordsToList());
    }
  }

  private static byte[] key(int index) {
    return ("image-" + index).getBytes(StandardCharsets.UTF_8);
  }

  private static UnlabeledImage image(int index) {
    return UnlabeledImage.newBuilder()
        .setId("image-" + index)
        .setEncoding(ImageEncoding.RAW)
        .setChannels(1)
        .setHeight(SmallLearner.SIDE)
        .setWidth(SmallLearner.SIDE)
        .setData(ByteBuffer.wrap(pixels(index)))
        .build();
  }

  private static byte[] pixels(int index) {
    ByteBuffer data = SmallLearner.image(index).getData();
    byte[] pixels = new byte[data.remaining()];
    data.get(pixels);
    return pixels;
  }

  private static String header(TestRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
