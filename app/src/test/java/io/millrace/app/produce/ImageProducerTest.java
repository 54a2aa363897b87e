package io.millrace.app.produce;

import static io.millrace.app.data.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ImageEncoding;
import io.millrace.LabeledImage;
import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.app.data.DataException;
import io.millrace.app.data.DatasetSpec;
import io.millrace.app.data.ImageOrder;
import io.millrace.app.data.ImageSource;
import io.millrace.app.data.Samples;
import io.millrace.app.produce.ImageProducer.Start;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ImageProducerTest {
  @TempDir private static Path temp;
  private static EmbeddedBroker broker;
  private static String servers;
  private static Map<String, String> kafka;
  private static Path idx;

  @BeforeAll
  static void startBroker() throws IOException {
    broker = EmbeddedBroker.start(temp.resolve("broker"));
    servers = broker.bootstrapServers();
    kafka = Map.of("bootstrap.servers", servers);
    idx = Files.createDirectory(temp.resolve("idx"));
    Files.write(idx.resolve("train-images-idx3-ubyte"), Samples.idxImages(100));
    Files.write(idx.resolve("train-labels-idx1-ubyte"), Samples.idxLabels(100, 10));
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  private static ImageSource hundred() {
    return DatasetSpec.parse("idx:" + idx).open(line -> {});
  }

  private static void create(String topic, int partitions) {
    try (TopicSetup topics = TopicSetup.connect(kafka)) {
      assertEquals(
          TopicSetup.Outcome.CREATED, topics.ensure(TopicSpec.of(topic, partitions, Map.of())));
    }
  }

  private static Progress send(String topic, ImageOrder order, Start start) {
    try (ImageSource source = hundred();
        ImageProducer producer = new ImageProducer(kafka, topic, 0)) {
      return producer.send(source, order, start, progress -> {});
    }
  }

  private static List<String> ids(ImageOrder order, int from, int to) {
    List<String> ids = new ArrayList<>();
    for (int position = from; position < to; position++) {
      ids.add("train-%06d".formatted(order.at(position)));
    }
    return ids;
  }

  @Test
  void sendsEachImageOnceInShuffledOrderWithIdAsKey() {
    create("once", 1);
    ImageOrder order = ImageOrder.once(100, OptionalLong.of(5));
    long before = System.currentTimeMillis();
    Progress end = send("once", order, Start.FIRST);
    assertEquals(100, end.acknowledged());
    assertEquals(100, end.position());
    List<ConsumerRecord<byte[], byte[]>> records = RecordReader.all(servers, "once", 1);
    assertEquals(ids(order, 0, 100), records.stream().map(RecordReader::key).toList());
    assertEquals(end.bytes(), records.stream().mapToLong(r -> r.serializedValueSize()).sum());
    ConsumerRecord<byte[], byte[]> third = records.get(2);
    LabeledImage image = RecordReader.image(third);
    int index = order.at(2);
    byte[] pixels = new byte[6];
    java.util.Arrays.fill(pixels, (byte) index);
    assertEquals(
        new LabeledImage(
            "train-%06d".formatted(index),
            index % 10,
            third.timestamp(),
            ImageEncoding.RAW,
            1,
            2,
            3,
            ByteBuffer.wrap(pixels),
            false),
        image);
    assertTrue(third.timestamp() >= before && third.timestamp() <= System.currentTimeMillis());
  }

  @Test
  void startsAtPositionOverEpochs() {
    create("position", 1);
    ImageOrder order = new ImageOrder(100, OptionalLong.of(5), 250);
    send("position", order, Start.at(150));
    assertEquals(ids(order, 150, 250), RecordReader.keys(servers, "position", 1));
  }

  @Test
  void goesOnBehindUnevenlyFilledPartitions() {
    create("whole", 3);
    create("resumed", 3);
    ImageOrder order = new ImageOrder(100, OptionalLong.of(9), 200);
    send("whole", order, Start.FIRST);
    // What a kill can leave: of one partition more, of another less.
    long[] present = {40, 3, 0};
    List<ConsumerRecord<byte[], byte[]>> whole = RecordReader.all(servers, "whole", 3);
    Progress end = send("resumed", order, Start.behind(present));
    List<String> expected = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : whole) {
      if (record.offset() >= present[record.partition()]) {
        expected.add(RecordReader.key(record));
      }
    }
    assertEquals(expected, RecordReader.keys(servers, "resumed", 3));
    assertEquals(200 - 43, end.acknowledged());
    // And a run that is complete has nothing left to do.
    try (TopicSetup topics = TopicSetup.connect(kafka)) {
      assertEquals(
          0, send("whole", order, Start.behind(topics.endOffsets("whole"))).acknowledged());
    }
  }

  @Test
  void partitionIsTheOneThatKafkaWouldChoose() {
    for (int i = 0; i < 200; i++) {
      byte[] key = ("train-" + i).getBytes(StandardCharsets.UTF_8);
      assertEquals(BuiltInPartitioner.partitionForKey(key, 7), ImageProducer.partition(key, 7));
    }
  }

  @Test
  void passesImageFilesOnAsTheyAre() throws IOException {
    create("files", 1);
    Path png = Samples.image(temp.resolve("classes/cat/a.png"), "png", 20, 30, true);
    try (ImageSource source = DatasetSpec.parse("folder:" + temp.resolve("classes")).open(l -> {});
        ImageProducer producer = new ImageProducer(kafka, "files", 0)) {
      producer.send(source, ImageOrder.once(1, OptionalLong.empty()), Start.FIRST, p -> {});
    }
    LabeledImage image = RecordReader.image(RecordReader.all(servers, "files", 1).getFirst());
    assertEquals(ImageEncoding.PNG, image.getEncoding());
    assertEquals(ByteBuffer.wrap(Files.readAllBytes(png)), image.getData());
    assertEquals(0, image.getChannels());
  }

  @Test
  void keepsToTheRateAndStopsPromptlyWithEverythingAcknowledged() throws Exception {
    create("forever", 2);
    List<Progress> reports = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch reported = new CountDownLatch(2);
    try (ImageSource source = hundred();
        ImageProducer producer = new ImageProducer(kafka, "forever", 200)) {
      CompletableFuture<Progress> running =
          CompletableFuture.supplyAsync(() ->
              producer.send(
                  source,
                  ImageOrder.forever(100, OptionalLong.of(1)),
                  Start.FIRST,
                  progress -> {
                    reports.add(progress);
                    reported.countDown();
                  }));
      assertTrue(reported.await(20, TimeUnit.SECONDS));
      long stopping = System.nanoTime();
      producer.stop();
      Progress end = running.get(10, TimeUnit.SECONDS);
      assertTrue(System.nanoTime() - stopping < 4_000_000_000L, "stop took too long");
      assertEquals(end.position(), end.acknowledged());
      assertEquals(
          end.acknowledged(), RecordReader.keys(servers, "forever", 2).size(), "records there");
      // At 200 a second two seconds hold 400, plus at most a second's worth of catching up.
      double seconds = end.elapsedNanos() / 1e9;
      assertTrue(end.position() <= 200 * seconds + 1, end.toString());
      assertTrue(end.position() > 200 * Math.min(seconds, 2) - 220, end.toString());
      assertEquals(Long.MAX_VALUE, reports.getFirst().length());
    }
  }

  @Test
  void stopsWhileNoBrokerAnswers() throws Exception {
    // Takes connections and says nothing: a broker that hangs.
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        ImageSource source = hundred();
        ImageProducer producer =
            new ImageProducer(
                Map.of(
                    "bootstrap.servers",
                    "127.0.0.1:" + silent.getLocalPort(),
                    "max.block.ms",
                    "60000"),
                "stuck",
                0)) {
      CompletableFuture<Progress> running =
          CompletableFuture.supplyAsync(() ->
              producer.send(
                  source,
                  ImageOrder.forever(100, OptionalLong.empty()),
                  Start.FIRST,
                  progress -> {}));
      Thread.sleep(1_000);
      assertFalse(running.isDone());
      producer.stop();
      var ended = assertThrows(ExecutionException.class, () -> running.get(15, TimeUnit.SECONDS));
      assertInstanceOf(ProduceException.class, ended.getCause());
    }
  }

  @Test
  void refusesMissingTopicAtOnce() {
    assertRefused(
        ProduceException.class,
        () -> send("absent", ImageOrder.once(100, OptionalLong.empty()), Start.FIRST),
        "topic absent",
        servers,
        "--create-topic");
  }

  @Test
  void namesImageThatTheTopicDoesNotTake() throws IOException {
    try (TopicSetup topics = TopicSetup.connect(kafka)) {
      topics.ensure(TopicSpec.of("small", 1, Map.of("max.message.bytes", "200")));
    }
    Samples.image(temp.resolve("large/cat/a.png"), "png", 100, 100, true);
    try (ImageSource source = DatasetSpec.parse("folder:" + temp.resolve("large")).open(l -> {});
        ImageProducer producer = new ImageProducer(kafka, "small", 0)) {
      ImageOrder order = ImageOrder.once(1, OptionalLong.empty());
      assertRefused(
          ProduceException.class,
          () -> producer.send(source, order, Start.FIRST, p -> {}),
          "image cat/a.png",
          "topic small",
          "max.message.bytes");
    }
  }

  @Test
  void damagedImageEndsTheRunAfterTheOnesBeforeIt() throws IOException {
    create("damaged", 1);
    Samples.image(temp.resolve("mixed/cat/a.png"), "png", 10, 10, true);
    Files.writeString(temp.resolve("mixed/cat/b.png"), "no image");
    try (ImageSource source = DatasetSpec.parse("folder:" + temp.resolve("mixed")).open(l -> {})) {
      try (ImageProducer producer = new ImageProducer(kafka, "damaged", 0)) {
        ImageOrder order = ImageOrder.once(2, OptionalLong.empty());
        assertRefused(
            DataException.class,
            () -> producer.send(source, order, Start.FIRST, p -> {}),
            "b.png",
            "offset 0");
      }
    }
    assertEquals(List.of("cat/a.png"), RecordReader.keys(servers, "damaged", 1));
  }

  @Test
  void refusesSettingsThatKafkaDoesNotTake() {
    assertRefused(
        ProduceException.class,
        () -> new ImageProducer(Map.of("bootstrap.servers", servers, "acks", "3"), "t", 0),
        "bootstrap.servers=" + servers,
        "acks");
    assertRefused(
        ProduceException.class,
        () -> new ImageProducer(Map.of("bootstrap.servers", "no-port"), "t", 0),
        "no-port");
    assertRefused(
        ProduceException.class, () -> new ImageProducer(kafka, "t", -1), "rate", "got -1");
  }

  @Test
  void creatingTopicTwiceIsHarmlessButNotWithOtherPartitions() {
    try (TopicSetup topics = TopicSetup.connect(kafka)) {
      TopicSpec spec = TopicSpec.of("twice", 2, Map.of("cleanup.policy", "compact"));
      assertEquals(TopicSetup.Outcome.CREATED, topics.ensure(spec));
      assertEquals(TopicSetup.Outcome.EXISTED, topics.ensure(spec));
      assertEquals(2, topics.partitions("twice"));
      assertRefused(
          ProduceException.class,
          () -> topics.ensure(TopicSpec.of("twice", 3, Map.of())),
          "topic twice",
          "expected 3 partition(s), got 2");
      assertRefused(
          ProduceException.class,
          () -> topics.ensure(TopicSpec.of("no spaces", 1, Map.of())),
          "topic no spaces",
          "choose another name");
      assertRefused(
          ProduceException.class,
          () -> topics.ensure(TopicSpec.of("config", 1, Map.of("cleanup.policy", "burn"))),
          "topic config",
          "burn");
    }
  }

  @Test
  void saysThatNoBrokerAnswers() {
    Map<String, String> nobody =
        Map.of(
            "bootstrap.servers",
            "127.0.0.1:1",
            "default.api.timeout.ms",
            "500",
            "request.timeout.ms",
            "400");
    try (TopicSetup topics = TopicSetup.connect(nobody)) {
      assertRefused(
          ProduceException.class,
          () -> topics.partitions("t"),
          "127.0.0.1:1",
          "answer of a broker");
    }
  }

  @Test
  void commandSendsAndResumesWithItsExitCodes() throws IOException {
    Path file = Files.writeString(temp.resolve("client.properties"), "bootstrap.servers=wrong:1\n");
    String[] common = {
      "--dataset",
      "idx:" + idx,
      "--topic",
      "command",
      "--bootstrap-servers",
      servers,
      "--kafka-config",
      file.toString(),
      "--kafka",
      "linger.ms=1",
      "--shuffle-seed",
      "3"
    };
    assertEquals(1, run(common), "the topic is not there yet");
    assertEquals(0, run(common, "--create-topic", "2", "--loop", "--limit", "130"));
    assertEquals(0, run(common, "--create-topic", "2", "--loop", "--limit", "150", "--resume"));
    ImageOrder order = new ImageOrder(100, OptionalLong.of(3), 150);
    List<String> sent = RecordReader.keys(servers, "command", 2);
    assertEquals(ids(order, 0, 150).stream().sorted().toList(), sent.stream().sorted().toList());
    assertEquals(100, new HashSet<>(sent).size());
    assertEquals(1, run(common, "--create-topic", "3"));
    assertEquals(0, run(common, "--limit", "10", "--size", "4x5", "--channels", "3"));
    LabeledImage scaled = RecordReader.image(RecordReader.all(servers, "command", 2).getLast());
    assertEquals(60, scaled.getData().remaining());
  }

  private static int run(String[] common, String... more) {
    List<String> arguments = new ArrayList<>(List.of(common));
    arguments.addAll(List.of(more));
    return new CommandLine(new ProduceCommand()).execute(arguments.toArray(String[]::new));
  }
}
