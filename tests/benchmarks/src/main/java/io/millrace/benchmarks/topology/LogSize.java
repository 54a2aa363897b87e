package io.millrace.benchmarks.topology;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;

/** Watches what the changelogs take of the broker's disk. */
final class LogSize implements AutoCloseable {
  private static final int NODE = 1;
  private static final long LOOK_MS = 500;
  private static final String CHANGELOG = "-training-state-changelog";

  /**
   * Bytes of one changelog.
   *
   * @param most of all looks
   * @param last look
   */
  record Sizes(long most, long last) {}

  private final Admin admin;
  private final Thread thread;
  private final Map<String, Sizes> sizes = new HashMap<>();

  private LogSize(Admin admin) {
    this.admin = admin;
    thread = Thread.ofPlatform().daemon().name("log size").start(this::look);
  }

  static LogSize watch(Where where) {
    return new LogSize(Admin.create(Map.of("bootstrap.servers", where.servers())));
  }

  /** Of a learner's changelog. */
  Sizes of(String learner) {
    synchronized (sizes) {
      return sizes.getOrDefault("millrace-" + learner + CHANGELOG, new Sizes(0, 0));
    }
  }

  private void look() {
    try {
      while (true) {
        admin
            .describeLogDirs(List.of(NODE))
            .allDescriptions()
            .get()
            .values()
            .forEach(folders -> folders.values().forEach(this::take));
        Thread.sleep(LOOK_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException("expected the sizes of the logs, got none", e);
    }
  }

  private void take(LogDirDescription folder) {
    synchronized (sizes) {
      folder
          .replicaInfos()
          .forEach((partition, replica) ->
              sizes.merge(
                  partition.topic(),
                  new Sizes(replica.size(), replica.size()),
                  (before, now) -> new Sizes(Math.max(before.most(), now.most()), now.last())));
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    admin.close();
  }
}
