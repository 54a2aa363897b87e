package io.millrace.benchmarks.topology;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What the commits of one learner cost. A commit begins when the first entry of the training state
 * is sent to the changelog, and ends when its transaction has: the training thread does nothing
 * else meanwhile.
 */
final class CommitMeter {
  private static final String CHANGELOG = "-training-state-changelog";

  /** One commit: how long training stood still, and what it sent to the changelog. */
  record Commit(double ms, long bytes) {}

  private final List<Commit> commits = new ArrayList<>();
  private long began = -1;
  private long bytes;
  private long allBytes;

  synchronized void sent(ProducerRecord<byte[], byte[]> record) {
    if (!record.topic().endsWith(CHANGELOG)) {
      return;
    }
    if (began < 0) {
      began = System.nanoTime();
    }
    long size = (long) record.key().length + (record.value() == null ? 0 : record.value().length);
    bytes += size;
    allBytes += size;
  }

  synchronized void committed() {
    if (began < 0) {
      return;
    }
    commits.add(new Commit((System.nanoTime() - began) * 1e-6, bytes));
    began = -1;
    bytes = 0;
  }

  /** Commits so far that had something of the training state. */
  synchronized int commits() {
    return commits.size();
  }

  /** Each of them, the first ones of a cold JVM left out if there are more. */
  synchronized List<Commit> warm() {
    return List.copyOf(commits.subList(Math.min(2, commits.size() / 2), commits.size()));
  }

  /** Sent to the changelog so far. */
  synchronized long bytes() {
    return allBytes;
  }
}
