package io.millrace.tests.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ImageLabel;
import io.millrace.LabeledImage;
import io.millrace.Prediction;
import io.millrace.UnlabeledImage;
import io.millrace.schemas.AvroCodec;
import io.millrace.schemas.DeadLetterHeaders;
import io.millrace.tests.support.Cluster;
import io.millrace.tests.support.Eventually;
import io.millrace.tests.support.Images;
import io.millrace.tests.support.PartitionedTopic;
import io.millrace.tests.support.Run;
import io.millrace.tests.support.TestLearner;
import io.millrace.topology.LearnerApplication;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntConsumer;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code predict} and {@code join-labels} lose nothing and double nothing when they are killed. */
class DownstreamKillsTest {

  private static final AvroCodec<UnlabeledImage> UNLABELED = AvroCodec.of(UnlabeledImage.class);
  private static final AvroCodec<ImageLabel> LABELS = AvroCodec.of(ImageLabel.class);
  private static final AvroCodec<LabeledImage> LABELED = AvroCodec.of(LabeledImage.class);
  private static final AvroCodec<Prediction> PREDICTIONS = AvroCodec.of(Prediction.class);

  private static final int KILLS = 3;
  private static final int PORTION = 40;
  private static final int PORTIONS = 60;
  private static final int PARTITIONS = 3;
  private static final long PACE_MS = 200;
  private static final long WINDOW_MS = 60_000;

  @TempDir static Path folder;

  @SuppressWarnings("NullAway.Init") // by JUnit, before any test
  private static Cluster cluster;

  @BeforeAll
  static void startBroker() {
    cluster = Cluster.embedded(folder.resolve("cluster"));
  }

  @AfterAll
  static void stopBroker() {
    cluster.close();
  }

  @Test
  void everyImageIsPredictedOnceAndNoneBeforeThereIsASnapshot() {
    TestLearner learner = TestLearner.withDefaults().withSnapshots(1, 5);
    Run run = Run.of(cluster, "killed-predict", learner, cluster.createImages("killed-predict"));
    String name = run.applicationId();
    try (Command predict = Command.start("predict", yaml(run), folder.resolve(name))) {
      topic(name + ".predictions").awaitPartitions(PARTITIONS, predict::requireAlive);
      // Sent before the model has learned anything.
      send(name, 0, predict);
      awaitWaiting(predict);
      assertEquals(List.of(), topic(name + ".predictions").read());
      try (LearnerApplication application = run.start()) {
        killWhile(
            predict,
            portion -> {
              int first = portion * learner.batch();
              cluster.send(Images.records(run.topics().images(), first, first + learner.batch()));
              send(name, portion + 1, predict);
            });
        assertEquals(Optional.empty(), application.failure());
      }
      int portions = PORTIONS + 1;
      int sent = PORTION * portions;
      List<ConsumerRecord<byte[], byte[]>> records =
          topic(name + ".predictions").awaitCount(sent, predict::requireAlive);
      List<Prediction> predictions =
          records.stream().map(record -> PREDICTIONS.decode(record.value())).toList();
      assertEquals(sent, predictions.size());
      assertEquals(ids(0, sent), predictions.stream().map(Prediction::getId).collect(sorted()));
      assertVersionsNeverGoBack(records);
      assertTrue(
          predictions.stream().map(Prediction::getSnapshotVersion).distinct().count() > 5,
          "many versions took part");
      assertEquals(
          IntStream.range(0, portions).mapToObj(i -> "bad-" + i).collect(sorted()),
          keys(topic(run.topics().deadLetters()).awaitCount(portions, predict::requireAlive)));
    }
  }

  @Test
  void instancesTakeOverFromOneThatIsKilled() {
    TestLearner learner = TestLearner.withDefaults();
    Run run = Run.of(cluster, "shared-predict", learner, cluster.createImages("shared-predict"));
    cluster.send(Images.records(run.topics().images(), 0, 5 * learner.batch()));
    run.learnTo(5);
    String name = run.applicationId();
    Path home = folder.resolve(name);
    String second = yaml(run).replace(name + "-state", name + "-state-2");
    try (Command first = Command.start("predict", yaml(run), home.resolve("1"));
        Command other = Command.start("predict", second, home.resolve("2"))) {
      topic(name + ".predictions").awaitPartitions(PARTITIONS, first::requireAlive);
      for (int portion = 0; portion < PORTIONS; portion++) {
        send(name, portion, other);
        Pause.ofMs(PACE_MS);
        if (portion == PORTIONS / 3) {
          first.killAndRestart();
        } else if (portion == PORTIONS * 2 / 3) {
          other.killAndRestart();
        }
      }
      int sent = PORTION * PORTIONS;
      assertEquals(
          ids(0, sent), keys(topic(name + ".predictions").awaitCount(sent, other::requireAlive)));
      assertEquals(
          PORTIONS,
          topic(run.topics().deadLetters()).awaitCount(PORTIONS, first::requireAlive).size());
    }
  }

  @Test
  void everyImageGetsItsLabelOnceWhicheverCameFirst() {
    Run run =
        Run.of(
            cluster,
            "killed-join",
            TestLearner.withDefaults(),
            cluster.createImages("killed-join"));
    String name = run.applicationId();
    String labels = name + ".labels";
    Random random = new Random(17);
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    long start = System.currentTimeMillis();
    try (Command join = Command.start("join-labels", yaml(run), folder.resolve(name))) {
      topic(labels).awaitPartitions(PARTITIONS, join::requireAlive);
      for (int i = 0; i < PORTION * PORTIONS; i++) {
        records.add(unlabeled(name, i));
        if (i % 10 == 9) {
          continue; // never labeled
        }
        int label = Images.image(i).getLabel();
        expected.add(id(i) + "=" + label);
        records.add(label(labels, id(i), label, start));
      }
      // Neighbours change places, so that labels come before and after their images.
      for (int i = 0; i + 200 < records.size(); i += 200) {
        Collections.shuffle(records.subList(i, i + 200), random);
      }
      int portion = records.size() / PORTIONS;
      killWhile(
          join, number -> cluster.send(records.subList(number * portion, (number + 1) * portion)));
      cluster.send(records.subList(PORTIONS * portion, records.size()));
      // Again, when all have come: repeated labels, contradictions, and labels of no image.
      List<ProducerRecord<byte[], byte[]>> wrong = new ArrayList<>();
      for (int i = 0; i < 100; i += 10) {
        wrong.add(label(labels, id(i), Images.image(i).getLabel(), start));
        wrong.add(label(labels, id(i), (Images.image(i).getLabel() + 1) % 10, start));
        wrong.add(label(labels, "nobody-" + i, 1, start));
      }
      cluster.send(wrong);
      List<ConsumerRecord<byte[], byte[]>> joined =
          topic(run.topics().images()).awaitCount(expected.size(), join::requireAlive);
      // Event time goes on in every partition, and ends the wait of labels of no image.
      cluster.send(
          IntStream.range(0, 50)
              .mapToObj(i -> label(labels, "time-" + i, 1, start + 10 * WINDOW_MS))
              .toList());
      List<ConsumerRecord<byte[], byte[]>> dead =
          topic(run.topics().deadLetters()).awaitCount(wrong.size(), join::requireAlive);

      assertEquals(
          expected.stream().collect(sorted()),
          joined.stream()
              .map(record -> LABELED.decode(record.value()))
              .map(image -> image.getId() + "=" + image.getLabel())
              .collect(sorted()));
      assertEquals(
          Map.of("DUPLICATE_LABEL", 10L, "CONFLICTING_LABEL", 10L, "LATE_LABEL", 10L),
          dead.stream()
              .collect(
                  Collectors.groupingBy(
                      record -> header(record, DeadLetterHeaders.REASON), Collectors.counting())));
      assertEquals(
          wrong.size(),
          dead.stream()
              .map(record ->
                  header(record, DeadLetterHeaders.PARTITION)
                      + "@"
                      + header(record, DeadLetterHeaders.OFFSET))
              .distinct()
              .count(),
          "each once");
    }
  }

  private static PartitionedTopic topic(String name) {
    return new PartitionedTopic(cluster.bootstrapServers(), name);
  }

  /** Sends portion after portion, while the command is killed at moments that differ. */
  private static void killWhile(Command command, IntConsumer send) {
    Random random = new Random(5);
    TreeSet<Integer> killAt = new TreeSet<>();
    while (killAt.size() < KILLS) {
      killAt.add(PORTIONS / 4 + random.nextInt(PORTIONS * 3 / 4));
    }
    for (int portion = 0; portion < PORTIONS; portion++) {
      send.accept(portion);
      Pause.ofMs(random.nextLong(PACE_MS));
      if (killAt.contains(portion)) {
        command.killAndRestart();
        Pause.ofMs(4_000);
      }
    }
  }

  /** A portion of images, and a record that is none. */
  private static void send(String name, int portion, Command predict) {
    predict.requireAlive();
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = portion * PORTION; i < (portion + 1) * PORTION; i++) {
      records.add(unlabeled(name, i));
    }
    records.add(
        new ProducerRecord<>(name + ".unlabeled", bytes("bad-" + portion), new byte[] {1, 2}));
    cluster.send(records);
  }

  private static ProducerRecord<byte[], byte[]> unlabeled(String name, int index) {
    LabeledImage image = Images.image(index % 1000);
    UnlabeledImage unlabeled =
        UnlabeledImage.newBuilder()
            .setId(id(index))
            .setEncoding(image.getEncoding())
            .setChannels(image.getChannels())
            .setHeight(image.getHeight())
            .setWidth(image.getWidth())
            .setData(image.getData())
            .build();
    return new ProducerRecord<>(name + ".unlabeled", bytes(id(index)), UNLABELED.encode(unlabeled));
  }

  private static ProducerRecord<byte[], byte[]> label(
      String topic, String id, int label, long timeMs) {
    ImageLabel record =
        ImageLabel.newBuilder().setId(id).setLabel(label).setEventTimeMs(timeMs).build();
    return new ProducerRecord<>(topic, bytes(id), LABELS.encode(record));
  }

  private static void awaitWaiting(Command predict) {
    Eventually.await(
        "predict says that it waits",
        () -> predict.tail().contains("waiting for") ? Optional.of(true) : Optional.empty(),
        predict::tail);
  }

  private static void assertVersionsNeverGoBack(List<ConsumerRecord<byte[], byte[]>> records) {
    Map<Integer, Long> newest = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      long version = PREDICTIONS.decode(record.value()).getSnapshotVersion();
      Long before = newest.put(record.partition(), version);
      assertTrue(before == null || before <= version, before + " and then " + version);
    }
    assertEquals(PARTITIONS, newest.size());
  }

  private static String yaml(Run run) {
    String name = run.applicationId();
    return """
    model: MODEL
    network: lenet5
    topics:
      images: IMAGES
      metrics: NAME.metrics
      snapshots: NAME.snapshots
      deadLetters: NAME.dead-letters
      journal: NAME.journal
      unlabeled: NAME.unlabeled
      predictions: NAME.predictions
      labels: NAME.labels
      unlabeledPartitions: PARTITIONS
    labels: {windowMs: WINDOW, graceMs: 1000}
    kafka:
      bootstrap.servers: SERVERS
      application.id: NAME
      state.dir: 'FOLDER'
      consumer.session.timeout.ms: 2000
      consumer.heartbeat.interval.ms: 500
    """
        .replace("MODEL", TestLearner.MODEL)
        .replace("IMAGES", run.topics().images())
        .replace("NAME", name)
        .replace("PARTITIONS", Integer.toString(PARTITIONS))
        .replace("WINDOW", Long.toString(WINDOW_MS))
        .replace("SERVERS", cluster.bootstrapServers())
        .replace("FOLDER", folder.resolve(name + "-state").toString());
  }

  private static List<String> ids(int from, int to) {
    return IntStream.range(from, to).mapToObj(DownstreamKillsTest::id).collect(sorted());
  }

  private static String id(int index) {
    return "image-" + index;
  }

  private static List<String> keys(List<ConsumerRecord<byte[], byte[]>> records) {
    return records.stream().map(Run::key).collect(sorted());
  }

  private static Collector<String, ?, List<String>> sorted() {
    return Collectors.collectingAndThen(
        Collectors.toCollection(ArrayList::new),
        list -> {
          Collections.sort(list);
          return list;
        });
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
