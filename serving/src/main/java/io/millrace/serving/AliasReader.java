package io.millrace.serving;

import io.millrace.ModelAlias;
import io.millrace.schemas.AvroCodec;
import io.millrace.schemas.InvalidRecordException;
import io.millrace.serving.AssemblyResult.Reason;
import io.millrace.serving.AssemblyResult.Rejected;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Follows an alias, and fetches the version that it stands for from wherever it is on the snapshot
 * topic. An alias that is deleted, or whose version cannot be had, leaves the last good one.
 */
final class AliasReader implements SelectionReader {
  private static final AvroCodec<ModelAlias> CODEC = AvroCodec.of(ModelAlias.class);

  private final SubscriberConfig config;
  private final SnapshotTopic topic;
  private final PartitionReader aliases;
  private final ModelSelection.Alias selection;
  private final Events events;
  private final String key;

  /** What the alias stands for now, and whether the topic was searched for it up to there. */
  private @Nullable ModelAlias target;

  private boolean changed;
  private boolean told;
  private long searched = -1;

  AliasReader(
      SubscriberConfig config,
      SnapshotTopic topic,
      ModelSelection.Alias selection,
      Events events,
      CountDownLatch closing) {
    this.config = config;
    this.topic = topic;
    this.selection = selection;
    this.events = events;
    aliases = PartitionReader.following(config.kafka(), config.aliasesTopic(), closing);
    key = topic.model().orElseThrow() + "/" + selection.name();
  }

  @Override
  public void run() throws InterruptedException {
    if (!aliases.awaitTopic() || !topic.await()) {
      return;
    }
    long begin = aliases.begin();
    long end = aliases.end();
    // All at once at first, so that no version is loaded that the alias has left already.
    aliases.read(begin, end, this::take);
    events.connected();
    if (target == null && events.current().isEmpty()) {
      unavailable("alias " + key + ": expected it on " + config.aliasesTopic() + ", found none");
    }
    aliases.seek(end);
    while (!aliases.closed()) {
      resolve();
      aliases.poll().forEach(this::take);
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    if (record.key() == null || !key.equals(new String(record.key(), StandardCharsets.UTF_8))) {
      return;
    }
    byte[] value = record.value();
    if (value == null) {
      target = null;
      changed = true;
      return;
    }
    SignatureHeaders signed = SignatureHeaders.of(record.headers());
    Optional<String> problem =
        config.trustedKeys().problem(signed.keyId(), signed.signature(), value);
    if (problem.isPresent()) {
      reject(record, 0, Reason.UNTRUSTED, problem.get());
      return;
    }
    try {
      ModelAlias alias = CODEC.decode(value);
      if (key.equals(alias.getModel() + "/" + alias.getAlias())) {
        target = alias;
        changed = true;
      } else {
        reject(
            record,
            alias.getVersion(),
            Reason.UNREADABLE,
            "alias: expected " + key + ", got " + alias.getModel() + "/" + alias.getAlias());
      }
    } catch (InvalidRecordException e) {
      reject(record, 0, Reason.UNREADABLE, String.valueOf(e.getMessage()));
    }
  }

  private void reject(
      ConsumerRecord<byte[], byte[]> record, long version, Reason reason, String detail) {
    events.rejected(
        new Rejected(topic.model().orElseThrow(), version, reason, "alias " + key + ": " + detail),
        config.aliasesTopic(),
        record.offset());
  }

  /** Gets the version that the alias stands for; looks again when the topic has grown. */
  private void resolve() {
    ModelAlias alias = target;
    if (changed) {
      changed = false;
      told = false;
      searched = -1;
      events.alias(
          selection.name(),
          alias == null ? OptionalLong.empty() : OptionalLong.of(alias.getVersion()));
      if (alias == null) {
        unavailable("alias " + key + ": it was deleted");
      }
    }
    if (alias == null || serves(alias)) {
      return;
    }
    long end = topic.probing().end();
    if (end == searched) {
      return;
    }
    searched = end;
    Optional<Snapshot> found = VersionFinder.find(topic, alias.getVersion());
    if (found.isEmpty()) {
      unavailable("alias " + key + ": " + VersionReader.missing(alias.getVersion()));
    } else if (!found.get().sha256().equals(alias.getSha256())) {
      unavailable(
          "alias "
              + key
              + ": version "
              + alias.getVersion()
              + ": expected weights of SHA-256 "
              + alias.getSha256()
              + ", got "
              + found.get().sha256()
              + "; it is not the version that the alias was set to");
    } else {
      events.snapshot(found.get());
    }
  }

  private boolean serves(ModelAlias alias) {
    return events
        .current()
        .filter(snapshot -> snapshot.version() == alias.getVersion())
        .filter(snapshot -> snapshot.sha256().equals(alias.getSha256()))
        .isPresent();
  }

  private void unavailable(String reason) {
    if (!told) {
      told = true;
      events.unavailable(selection, reason);
    }
  }

  @Override
  public void wakeup() {
    aliases.wakeup();
    topic.wakeup();
  }

  @Override
  public void close() {
    try {
      aliases.close();
    } finally {
      topic.close();
    }
  }
}
