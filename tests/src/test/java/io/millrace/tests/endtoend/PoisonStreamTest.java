package io.millrace.tests.endtoend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.SnapshotManifest;
import io.millrace.TrainingMetrics;
import io.millrace.schemas.DeadLetterHeaders;
import io.millrace.schemas.DeadLetterReason;
import io.millrace.tests.endtoend.BadRecords.Bad;
import io.millrace.tests.support.Cluster;
import io.millrace.tests.support.Images;
import io.millrace.tests.support.Run;
import io.millrace.tests.support.TestLearner;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A learner on a stream with bad records learns what it would learn without them. */
class PoisonStreamTest {

  private static final TestLearner LEARNER = TestLearner.withDefaults();
  private static final int STEPS = 20;
  private static final int IMAGES = STEPS * LEARNER.batch();
  private static final List<Bad> BAD = BadRecords.all();

  @TempDir static Path folder;

  @SuppressWarnings("NullAway.Init") // by JUnit, before any test
  private static Cluster cluster;

  @BeforeAll
  static void startBroker() {
    cluster = Cluster.embedded(folder);
  }

  @AfterAll
  static void stopBroker() {
    cluster.close();
  }

  @Test
  void badRecordsChangeNoWeightAndGoToTheDeadLettersWithTheirReason() {
    SnapshotManifest clean = learn("clean", List.of()).manifests().getLast();

    Run run = learn("poisoned", BAD);
    assertDeadLetters(run);
    SnapshotManifest poisoned = run.manifests().getLast();
    assertEquals(clean.getSha256(), poisoned.getSha256());
    assertEquals(clean.getStep(), poisoned.getStep());
    assertEquals(clean.getImages(), poisoned.getImages());
    assertEquals(clean.getMetrics(), poisoned.getMetrics());
    TrainingMetrics last = run.metrics().getLast();
    assertEquals(BAD.size() - 1, last.getRejected(), "all but the one after the last image");
  }

  @Test
  void recordsWithoutTimestampAreLearnedFrom() {
    String images = cluster.createImages(cluster.newRun("timeless"));
    Run run = Run.of(cluster, "timeless", LEARNER, images);
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    Images.records(images, 0, IMAGES).forEach(record -> records.add(new Timeless(record)));
    cluster.send(records);
    SnapshotManifest manifest = run.learnTo(STEPS);
    assertEquals(-1, cluster.read(images).getFirst().timestamp(), "as clients may send it");
    assertEquals(IMAGES, manifest.getImages());
  }

  /** What only clients other than Kafka's own Java client send: a record without a timestamp. */
  private static final class Timeless extends ProducerRecord<byte[], byte[]> {
    Timeless(ProducerRecord<byte[], byte[]> record) {
      super(record.topic(), 0, record.key(), record.value());
    }

    @Override
    public Long timestamp() {
      return -1L;
    }
  }

  @Test
  void theBadRecordsHaveEveryReasonOfARecord() {
    EnumSet<DeadLetterReason> expected = EnumSet.allOf(DeadLetterReason.class);
    // No record brings this one about by itself: it stands for a fault of the program.
    expected.remove(DeadLetterReason.PROCESSING_FAILED);
    // These befall minibatches of good records: see GuardTest.
    expected.remove(DeadLetterReason.NOT_FINITE);
    expected.remove(DeadLetterReason.EXPLODING);
    // These befall labels and the images that wait for them: see LabelJoinTest.
    expected.removeAll(
        EnumSet.range(DeadLetterReason.WRONG_KEY, DeadLetterReason.CONFLICTING_LABEL));
    assertEquals(
        expected,
        BAD.stream()
            .map(Bad::reason)
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(DeadLetterReason.class))));
  }

  /** Learns from all images, with the bad records spread among them. */
  private static Run learn(String kind, List<Bad> bad) {
    String images = cluster.createImages(cluster.newRun(kind));
    Run run = Run.of(cluster, kind, LEARNER, images);
    List<ProducerRecord<byte[], byte[]>> records = mixed(images, bad);
    cluster.send(records);
    try (var application = run.start()) {
      run.awaitSnapshot(application, STEPS);
      run.awaitCommitted(application, records.size());
    }
    return run;
  }

  /** The first bad record comes before the first image, the last one after the last. */
  private static List<ProducerRecord<byte[], byte[]>> mixed(String topic, List<Bad> bad) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    int sent = 0;
    for (int i = 0; i < bad.size(); i++) {
      records.add(record(topic, bad.get(i)));
      int until = i == bad.size() - 2 ? IMAGES : Math.min(IMAGES, (i + 1) * 11);
      records.addAll(Images.records(topic, sent, Math.max(sent, until)));
      sent = Math.max(sent, until);
    }
    records.addAll(Images.records(topic, sent, IMAGES));
    return records;
  }

  private static ProducerRecord<byte[], byte[]> record(String topic, Bad bad) {
    byte[] key = bad.kind().getBytes(StandardCharsets.UTF_8);
    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, 0, key, bad.value());
    record.headers().add("sender", key);
    return record;
  }

  private static void assertDeadLetters(Run run) {
    List<ConsumerRecord<byte[], byte[]>> sources = cluster.read(run.topics().images());
    List<ConsumerRecord<byte[], byte[]>> letters = run.deadLetters();
    assertEquals(
        BAD.stream().map(Bad::kind).toList(), letters.stream().map(Run::key).toList(), "in order");
    for (int i = 0; i < letters.size(); i++) {
      Bad bad = BAD.get(i);
      ConsumerRecord<byte[], byte[]> letter = letters.get(i);
      assertEquals(bad.reason().name(), header(letter, DeadLetterHeaders.REASON), bad.kind());
      assertTrue(header(letter, DeadLetterHeaders.MESSAGE).length() > 10, bad.kind());
      assertEquals(bad.kind(), header(letter, "sender"), "headers of its own");
      if (bad.value() == null) {
        assertNull(letter.value(), bad.kind());
      } else {
        assertArrayEquals(bad.value(), letter.value(), bad.kind());
      }
      assertEquals(run.topics().images(), header(letter, DeadLetterHeaders.TOPIC));
      assertEquals("0", header(letter, DeadLetterHeaders.PARTITION));
      int offset = Integer.parseInt(header(letter, DeadLetterHeaders.OFFSET));
      assertEquals(bad.kind(), Run.key(sources.get(offset)), "the record at offset " + offset);
      assertEquals(sources.get(offset).timestamp(), letter.timestamp(), bad.kind());
    }
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    assertTrue(header != null, () -> Run.key(record) + ": expected the header " + name);
    return new String(header.value(), StandardCharsets.UTF_8);
  }
}
