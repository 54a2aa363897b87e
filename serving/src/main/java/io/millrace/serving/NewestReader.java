package io.millrace.serving;

import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the newest snapshot, and then hands on each that is published. */
final class NewestReader implements SelectionReader {
  private static final Logger LOG = LoggerFactory.getLogger(NewestReader.class);

  private final SnapshotTopic topic;
  private final Events events;

  NewestReader(SnapshotTopic topic, Events events) {
    this.topic = topic;
    this.events = events;
  }

  @Override
  public void run() throws InterruptedException {
    long start = System.nanoTime();
    if (!topic.await()) {
      return;
    }
    NewestFinder.Found found = NewestFinder.find(topic);
    events.connected();
    found
        .snapshot()
        .ifPresentOrElse(
            snapshot -> {
              events.coldStart(
                  new ColdStart(
                      snapshot.sizeBytes(),
                      topic.receivedBytes(),
                      found.end() - found.begin(),
                      TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)));
              events.snapshot(snapshot);
            },
            () -> LOG.info("no whole snapshot yet; following"));
    follow(found);
  }

  private void follow(NewestFinder.Found found) {
    PartitionReader following = topic.following();
    following.seek(found.end());
    while (!following.closed()) {
      for (ConsumerRecord<byte[], byte[]> record : following.poll()) {
        topic.accept(found.assembler(), record).ifPresent(events::snapshot);
      }
    }
  }

  @Override
  public void wakeup() {
    topic.wakeup();
  }

  @Override
  public void close() {
    topic.close();
  }
}
