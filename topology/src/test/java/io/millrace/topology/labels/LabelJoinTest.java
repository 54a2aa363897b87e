package io.millrace.topology.labels;

import static io.millrace.topology.labels.JoinDriver.GRACE_MS;
import static io.millrace.topology.labels.JoinDriver.IMAGES;
import static io.millrace.topology.labels.JoinDriver.LABELS;
import static io.millrace.topology.labels.JoinDriver.WINDOW_MS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.LabeledImage;
import io.millrace.UnlabeledImage;
import io.millrace.schemas.AvroCodec;
import io.millrace.schemas.DeadLetterHeaders;
import io.millrace.schemas.DeadLetterReason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelJoinTest {

  private static final long START = 1_700_000_000_000L;
  private static final long DEADLINE = START + WINDOW_MS + GRACE_MS;

  @TempDir Path stateFolder;

  @SuppressWarnings("NullAway.Init") // by JUnit, before each test
  private JoinDriver join;

  @BeforeEach
  void open() {
    join = new JoinDriver(stateFolder);
  }

  @AfterEach
  void close() {
    join.close();
  }

  @Test
  void aLabelJoinsTheImageThatWaits() {
    join.image(START, "a");
    assertEquals(List.of(), join.joined());
    join.label(START + 40, "a", 7);
    TestRecord<byte[], byte[]> record = join.joinedRecords().getFirst();
    LabeledImage image = AvroCodec.of(LabeledImage.class).decode(record.value());
    assertEquals(7, image.getLabel());
    assertEquals("a", image.getId());
    assertEquals(START, image.getEventTimeMs().orElseThrow(), "the image's time, not the label's");
    assertEquals(JoinDriver.image("a", START).getData(), image.getData());
    assertArrayEquals(JoinDriver.bytes("a"), record.key());
    assertEquals(START + 40, record.timestamp());
    assertEquals(1, join.meters.joined());
    assertEquals(List.of(), join.dead());
  }

  @Test
  void aLabelThatComesFirstWaitsForItsImage() {
    join.label(START + 40, "a", 7);
    assertEquals(List.of(), join.joined());
    join.image(START, "a");
    assertEquals(List.of("a=7"), join.joined());
    assertEquals(List.of(), join.dead());
  }

  @Test
  void aLabelGivenAtTheWindowsLastMomentJoinsAndOneGivenLaterDoesNot() {
    join.image(START, "last");
    join.image(START, "late");
    join.label(START + WINDOW_MS, "last", 1);
    join.label(START + WINDOW_MS + 1, "late", 2);
    assertEquals(List.of("last=1"), join.joined());
    assertEquals(List.of("late: LATE_LABEL"), join.dead());
  }

  @Test
  void aLateLabelThatCameFirstDoesNotJoinAndItsImageStillWaits() {
    join.label(START + WINDOW_MS + 1, "a", 2);
    join.image(START, "a");
    assertEquals(List.of("a: LATE_LABEL"), join.dead());
    join.label(START + 3, "a", 4);
    assertEquals(List.of("a=4"), join.joined());
  }

  @Test
  void graceIsForLabelsThatWereGivenInTimeAndArriveLate() {
    join.image(START, "in-grace");
    join.image(START, "too-late");
    join.time(DEADLINE);
    join.label(START + WINDOW_MS, "in-grace", 1);
    join.time(DEADLINE + 1);
    join.label(START + WINDOW_MS, "too-late", 1);
    assertEquals(List.of("in-grace=1"), join.joined());
    // It waits for an image until its own window is over: it may have come before its image.
    assertEquals(List.of(), join.dead());
    join.time(START + WINDOW_MS + WINDOW_MS + GRACE_MS + 1);
    assertEquals(List.of("too-late: LATE_LABEL"), join.dead());
  }

  @Test
  void aLabelWithoutAnImageIsADeadLetterAsItCameWhenItsWindowIsOver() {
    RecordHeaders headers = new RecordHeaders();
    headers.add("trace", new byte[] {9});
    headers.add("empty", null);
    byte[] value = LABELS.encode(JoinDriver.label("nobody", 3, START));
    join.labels("nobody", value, START, headers);
    join.time(DEADLINE);
    assertEquals(List.of(), join.deadLetters());
    join.time(DEADLINE + 1);
    TestRecord<byte[], byte[]> letter = join.deadLetters().getFirst();
    assertArrayEquals(value, letter.value());
    assertArrayEquals(JoinDriver.bytes("nobody"), letter.key());
    assertArrayEquals(new byte[] {9}, letter.headers().lastHeader("trace").value());
    assertNull(letter.headers().lastHeader("empty").value());
    assertEquals("LATE_LABEL", JoinDriver.header(letter, DeadLetterHeaders.REASON));
    assertEquals("millrace.labels", JoinDriver.header(letter, DeadLetterHeaders.TOPIC));
    assertEquals("0", JoinDriver.header(letter, DeadLetterHeaders.PARTITION));
    assertEquals("0", JoinDriver.header(letter, DeadLetterHeaders.OFFSET));
    assertEquals("join", JoinDriver.header(letter, DeadLetterHeaders.STAGE));
    assertEquals(DEADLINE + 1, letter.timestamp());
    assertEquals(1, join.meters.rejected(DeadLetterReason.LATE_LABEL));
  }

  @Test
  void anImageWithoutALabelIsCountedAndForgotten() {
    join.image(START, "a");
    join.time(DEADLINE);
    assertEquals(0, join.meters.withoutLabel());
    join.time(DEADLINE + 1);
    assertEquals(1, join.meters.withoutLabel());
    assertEquals(List.of(), join.dead());
    assertEquals(2, join.remembered(), "the two that told the time");
  }

  @Test
  void theSameLabelAgainIsADuplicateAndAnotherOneAConflict() {
    join.image(START, "a");
    join.label(START + 1, "a", 7);
    join.label(START + 2, "a", 7);
    join.label(START + 3, "a", 8);
    assertEquals(List.of("a=7"), join.joined());
    assertEquals(List.of("a: DUPLICATE_LABEL", "a: CONFLICTING_LABEL"), join.dead());
    assertEquals(1, join.meters.rejected(DeadLetterReason.DUPLICATE_LABEL));
    assertEquals(1, join.meters.rejected(DeadLetterReason.CONFLICTING_LABEL));
  }

  @Test
  void ofLabelsThatWaitForTheirImageTheFirstCounts() {
    join.label(START, "a", 1);
    join.label(START + 1, "a", 1);
    join.label(START + 2, "a", 2);
    join.image(START, "a");
    assertEquals(List.of("a=1"), join.joined());
    assertEquals(List.of("a: DUPLICATE_LABEL", "a: CONFLICTING_LABEL"), join.dead());
  }

  @Test
  void anImageThatComesTwiceIsADeadLetterTheSecondTime() {
    join.image(START, "waits");
    join.image(START + 1, "waits");
    join.label(START + 2, "waits", 1);
    join.image(START + 3, "waits");
    assertEquals(List.of("waits=1"), join.joined());
    assertEquals(List.of("waits: DUPLICATE_IMAGE", "waits: DUPLICATE_IMAGE"), join.dead());
  }

  @Test
  void anIdMayComeAgainWhenItsWindowIsOver() {
    join.image(START, "a");
    join.label(START + 1, "a", 1);
    join.image(DEADLINE + 1, "a");
    join.label(DEADLINE + 2, "a", 2);
    assertEquals(List.of("a=1", "a=2"), join.joined());
    assertEquals(List.of(), join.dead());
  }

  @Test
  void anImageThatArrivesAfterItsWindowIsCountedAtOnceUnlessItsLabelWaits() {
    join.time(DEADLINE + 1);
    join.image(START, "nobody-waits");
    join.label(START + WINDOW_MS, "waits", 5);
    join.image(START, "waits");
    assertEquals(1, join.meters.withoutLabel());
    assertEquals(List.of("waits=5"), join.joined());
    assertEquals(1, join.remembered(), "what told the time");
  }

  @Test
  void whatCannotBeUsedIsADeadLetterWithItsReason() {
    byte[] good = LABELS.encode(JoinDriver.label("a", 1, START));
    join.images("torn", new byte[] {1, 2, 3}, START);
    join.labels("empty", new byte[0], START, new RecordHeaders());
    join.labels("foreign", IMAGES.encode(JoinDriver.image("foreign", START)), START, headers());
    join.labels("not-a", good, START, headers());
    join.labels("a", LABELS.encode(JoinDriver.label("a", 10, START)), START, headers());
    join.labels("a", LABELS.encode(JoinDriver.label("a", -1, START)), START, headers());
    List<TestRecord<byte[], byte[]>> letters = join.deadLetters();
    assertEquals(
        List.of(
            "UNREADABLE_RECORD",
            "EMPTY_RECORD",
            "UNREADABLE_RECORD",
            "WRONG_KEY",
            "LABEL_OUT_OF_RANGE",
            "LABEL_OUT_OF_RANGE"),
        letters.stream().map(r -> JoinDriver.header(r, DeadLetterHeaders.REASON)).toList());
    assertArrayEquals(new byte[] {1, 2, 3}, letters.getFirst().value());
    assertArrayEquals(good, letters.get(3).value());
    assertEquals(0, join.remembered());
    assertEquals(6, join.meters.rejected());
  }

  @Test
  void anEventTimeFarAheadEndsNobodysWait() {
    join.image(START, "waits");
    long aYearAhead = START + Duration.ofDays(365).toMillis();
    join.images("ahead", IMAGES.encode(JoinDriver.image("ahead", aYearAhead)), START + 1);
    join.label(START + 2, "waits", 3);
    assertEquals(List.of("ahead: EVENT_TIME_AHEAD"), join.dead());
    assertEquals(List.of("waits=3"), join.joined());
  }

  @Test
  void whereNoEventTimeIsToldTheRecordsTimestampCounts() {
    UnlabeledImage timeless = JoinDriver.image("a", START);
    timeless.setEventTimeMs(null);
    join.images("a", IMAGES.encode(timeless), START);
    join.label(START + WINDOW_MS + 1, "a", 3);
    assertEquals(List.of("a: LATE_LABEL"), join.dead());
  }

  @Test
  void afterALeapOfTimeAllIsOverThoughNotAllAtOnce() {
    int many = 1_000;
    for (int i = 0; i < many; i++) {
      join.image(START, "image-" + i);
    }
    join.time(DEADLINE + 1);
    long first = join.meters.withoutLabel();
    assertTrue(first > 0 && first < many, "one record ends " + first);
    // What is over does not join, whether it was ended or not.
    join.label(START + 1, "image-" + (many - 1), 1);
    assertEquals(List.of(), join.joined());
    for (int i = 0; i < 10; i++) {
      join.advanceWallClock(Duration.ofMillis(200));
    }
    assertEquals(many, join.meters.withoutLabel());
    assertEquals(2, join.remembered(), "time, and the label that waits for nobody");
  }

  @Test
  void whatWaitsAndWhatIsKnownSurvivesARestart() {
    join.image(START, "image-waits");
    join.label(START, "label-waits", 2);
    join.image(START, "joined");
    join.label(START + 1, "joined", 3);
    assertEquals(List.of("joined=3"), join.joined());
    join = join.restarted(stateFolder);
    join.label(START + 2, "image-waits", 1);
    join.image(START + 2, "label-waits");
    join.label(START + 2, "joined", 3);
    assertEquals(List.of("image-waits=1", "label-waits=2"), join.joined());
    assertEquals(List.of("joined: DUPLICATE_LABEL"), join.dead());
    join.time(DEADLINE + 3);
    assertEquals(1, join.remembered(), "deadlines survive too");
  }

  @Test
  void nothingStaysBehindOfAThousandIds() {
    List<String> joined = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      join.image(START + i, "image-" + i);
      if (i >= 10 && i % 3 != 0) {
        join.label(START + i, "image-" + (i - 10), i % 10);
      }
      joined.addAll(join.joined());
    }
    assertEquals(660, joined.size());
    assertTrue(join.remembered() <= WINDOW_MS + GRACE_MS + 1, join.remembered() + " remembered");
    join.time(START + 2_000);
    assertEquals(1, join.remembered());
    assertEquals(1_000 - 660, join.meters.withoutLabel());
  }

  private static RecordHeaders headers() {
    return new RecordHeaders();
  }
}
