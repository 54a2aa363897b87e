package io.millrace.app.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A page that is slower than its events. */
@Timeout(60)
class EventQueueTest {
  private final EventQueue queue = new EventQueue();

  private void offer(String name, String text, boolean whole) {
    queue.offer(name, text.getBytes(StandardCharsets.UTF_8), whole);
  }

  /** What is written until the queue has been empty once. */
  private String written() throws InterruptedException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CountDownLatch flushed = new CountDownLatch(1);
    Thread writer =
        Thread.ofVirtual()
            .start(() -> {
              try {
                queue.writeTo(
                    new java.io.FilterOutputStream(out) {
                      @Override
                      public void flush() {
                        flushed.countDown();
                      }
                    });
              } catch (IOException | InterruptedException e) {
                flushed.countDown();
              }
            });
    flushed.await();
    writer.interrupt();
    writer.join();
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aWholeStateTakesThePlaceOfTheOneThatWaits() throws InterruptedException {
    offer("state", "a", true);
    offer("metrics", "b", false);
    offer("state", "c", true);
    offer("metrics", "d", false);
    assertEquals("bcd", written());
  }

  @Test
  void statesAloneNeverFillTheQueue() throws InterruptedException {
    for (int i = 0; i < 10_000; i++) {
      offer("state", "" + i % 10, true);
    }
    assertEquals("9", written());
  }

  @Test
  void aPageThatDoesNotKeepUpIsLeftToItselfAndTakesNoMemory() {
    for (int i = 0; i < 65; i++) {
      offer("metrics", "x", false);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThrows(IOException.class, () -> queue.writeTo(out));
    assertEquals(0, out.size());
  }
}
