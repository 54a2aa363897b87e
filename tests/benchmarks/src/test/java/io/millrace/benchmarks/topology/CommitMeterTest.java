package io.millrace.benchmarks.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

final class CommitMeterTest {
  private static final String CHANGELOG = "millrace-a-training-state-changelog";

  private final CommitMeter meter = new CommitMeter();

  @Test
  void countsTheStateAndNothingElse() {
    send(CHANGELOG, 100);
    send("a-metrics", 1000);
    send(CHANGELOG, 50);
    meter.committed();
    assertEquals(1, meter.commits());
    assertEquals(150 + 2, meter.bytes());
    assertEquals(150 + 2, meter.warm().getFirst().bytes());
    assertTrue(meter.warm().getFirst().ms() >= 0);
  }

  @Test
  void transactionWithoutStateIsNoCommit() {
    send("a-metrics", 1000);
    meter.committed();
    assertEquals(0, meter.commits());
  }

  @Test
  void firstCommitsOfAColdJvmAreLeftOut() {
    for (int bytes = 1; bytes <= 5; bytes++) {
      send(CHANGELOG, bytes);
      meter.committed();
    }
    assertEquals(5, meter.commits());
    assertEquals(3, meter.warm().size());
    assertEquals(3 + 1, meter.warm().getFirst().bytes());
  }

  private void send(String topic, int bytes) {
    meter.sent(new ProducerRecord<>(topic, new byte[1], new byte[bytes]));
  }
}
