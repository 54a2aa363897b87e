package io.millrace.topology.labels;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.ImageEncoding;
import io.millrace.ImageLabel;
import io.millrace.LabeledImage;
import io.millrace.UnlabeledImage;
import io.millrace.schemas.AvroCodec;
import io.millrace.schemas.DeadLetterHeaders;
import io.millrace.topology.StreamsProperties;
import io.millrace.topology.config.LabelJoinConfig;
import io.millrace.topology.config.LabelJoinTopics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;

/** A join without a broker: a window of 100 ms, a grace of 20 ms and 10 classes. */
final class JoinDriver implements AutoCloseable {

  static final long WINDOW_MS = 100;
  static final long GRACE_MS = 20;
  static final AvroCodec<UnlabeledImage> IMAGES = AvroCodec.of(UnlabeledImage.class);
  static final AvroCodec<ImageLabel> LABELS = AvroCodec.of(ImageLabel.class);
  private static final AvroCodec<LabeledImage> LABELED = AvroCodec.of(LabeledImage.class);

  static final LabelJoinConfig CONFIG =
      new LabelJoinConfig(
          LabelJoinTopics.defaults(), WINDOW_MS, GRACE_MS, 10, 100_000, 1, "test-labels", Map.of());

  final LabelJoinMeters meters = new LabelJoinMeters(new SimpleMeterRegistry());
  private final TopologyTestDriver driver;
  private final TestInputTopic<byte[], byte[]> images;
  private final TestInputTopic<byte[], byte[]> labels;

  JoinDriver(Path stateFolder) {
    Properties properties = StreamsProperties.of(CONFIG);
    properties.put(StreamsConfig.STATE_DIR_CONFIG, stateFolder.toString());
    driver = new TopologyTestDriver(LabelJoinTopology.build(CONFIG, meters), properties);
    var in = new ByteArraySerializer();
    images = driver.createInputTopic(CONFIG.topics().unlabeled(), in, in);
    labels = driver.createInputTopic(CONFIG.topics().labels(), in, in);
  }

  /** A second life with the stores as they are; of this one nothing else is left. */
  JoinDriver restarted(Path stateFolder) {
    List<KeyValue<Bytes, byte[]>> entries = all(JoinMemory.ENTRIES);
    List<KeyValue<Bytes, byte[]>> deadlines = all(JoinMemory.DEADLINES);
    close();
    JoinDriver next = new JoinDriver(stateFolder);
    next.<Bytes, byte[]>store(JoinMemory.ENTRIES).putAll(entries);
    next.<Bytes, byte[]>store(JoinMemory.DEADLINES).putAll(deadlines);
    return next;
  }

  private <K, V> KeyValueStore<K, V> store(String name) {
    return driver.getKeyValueStore(name);
  }

  private List<KeyValue<Bytes, byte[]>> all(String name) {
    List<KeyValue<Bytes, byte[]>> all = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> iterator = this.<Bytes, byte[]>store(name).all()) {
      iterator.forEachRemaining(all::add);
    }
    return all;
  }

  static UnlabeledImage image(String id, long timeMs) {
    return UnlabeledImage.newBuilder()
        .setId(id)
        .setEventTimeMs(timeMs)
        .setEncoding(ImageEncoding.RAW)
        .setChannels(1)
        .setHeight(1)
        .setWidth(3)
        .setData(ByteBuffer.wrap(new byte[] {1, 2, (byte) id.length()}))
        .build();
  }

  static ImageLabel label(String id, int label, long timeMs) {
    return ImageLabel.newBuilder()
        .setId(id)
        .setLabel(label)
        .setEventTimeMs(timeMs)
        .setSource("annotator")
        .build();
  }

  /** An image of this event time, which is also its record's timestamp. */
  void image(long timeMs, String id) {
    images(id, IMAGES.encode(image(id, timeMs)), timeMs);
  }

  void label(long timeMs, String id, int label) {
    labels(id, LABELS.encode(label(id, label, timeMs)), timeMs, new RecordHeaders());
  }

  void images(String key, byte[] value, long timestampMs) {
    images.pipeInput(new TestRecord<>(bytes(key), value, new RecordHeaders(), timestampMs));
  }

  void labels(String key, byte[] value, long timestampMs, Headers headers) {
    labels.pipeInput(new TestRecord<>(bytes(key), value, headers, timestampMs));
  }

  /** Lets event time go on, by an image that nobody asks for. */
  void time(long timeMs) {
    image(timeMs, "time-" + timeMs);
  }

  void advanceWallClock(Duration by) {
    driver.advanceWallClockTime(by);
  }

  /** What was joined since the last call, as {@code id=label}. */
  List<String> joined() {
    return joinedRecords().stream()
        .map(record -> LABELED.decode(record.value()))
        .map(image -> image.getId() + "=" + image.getLabel())
        .toList();
  }

  List<TestRecord<byte[], byte[]>> joinedRecords() {
    return read(CONFIG.topics().images());
  }

  /** Dead letters since the last call, as {@code id: reason}. */
  List<String> dead() {
    return deadLetters().stream()
        .map(record ->
            new String(record.key(), StandardCharsets.UTF_8)
                + ": "
                + header(record, DeadLetterHeaders.REASON))
        .toList();
  }

  List<TestRecord<byte[], byte[]>> deadLetters() {
    return read(CONFIG.topics().deadLetters());
  }

  private List<TestRecord<byte[], byte[]>> read(String topic) {
    var out = new ByteArrayDeserializer();
    return driver.createOutputTopic(topic, out, out).readRecordsToList();
  }

  /** How many ids are remembered; both stores agree. */
  int remembered() {
    int entries = all(JoinMemory.ENTRIES).size();
    int deadlines = all(JoinMemory.DEADLINES).size();
    if (entries != deadlines) {
      throw new AssertionError(entries + " entries, " + deadlines + " deadlines");
    }
    return entries;
  }

  static String header(TestRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    driver.close();
  }
}
