package io.millrace.tests.serving;

import io.millrace.AliasObserved;
import io.millrace.ModelAlias;
import io.millrace.schemas.AvroCodec;
import io.millrace.schemas.RecordSignatures;
import io.millrace.schemas.RecordSignatures.Signer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Writes versions of a model as a learner does: each in a transaction, the manifest last. */
public final class SnapshotWriter implements AutoCloseable {
  private static final AvroCodec<ModelAlias> ALIAS = AvroCodec.of(ModelAlias.class);

  private final CountingModel model;
  private final String topic;
  private final String aliases;
  private final KafkaProducer<byte[], byte[]> producer;
  private Optional<Signer> signer = Optional.empty();

  /** One record; null takes away what has its key. */
  record Entry(String key, byte @Nullable [] value) {}

  private SnapshotWriter(
      CountingModel model, String topic, String aliases, KafkaProducer<byte[], byte[]> producer) {
    this.model = model;
    this.topic = topic;
    this.aliases = aliases;
    this.producer = producer;
  }

  /** Makes the topic of snapshots and that of aliases, and a producer for both. */
  static SnapshotWriter create(CountingModel model, String bootstrapServers, String topic) {
    return create(model, bootstrapServers, topic, topic + ".aliases");
  }

  /** The same with another name for the aliases. */
  public static SnapshotWriter create(
      CountingModel model, String bootstrapServers, String topic, String aliases) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      admin.createTopics(List.of(compacted(topic), compacted(aliases))).all().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the broker refused", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "transactional.id", "writer-" + topic),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    producer.initTransactions();
    return new SnapshotWriter(model, topic, aliases, producer);
  }

  private static NewTopic compacted(String name) {
    return new NewTopic(name, 1, (short) 1).configs(Map.of("cleanup.policy", "compact"));
  }

  String topic() {
    return topic;
  }

  String aliases() {
    return aliases;
  }

  /** Signs manifests and aliases from now on; empty for no more. */
  public void sign(Optional<Signer> by) {
    signer = by;
  }

  /** Publishes a version, and takes an old one off if that is at least 1. */
  public void publish(long version, long retired) {
    List<Entry> entries = entries(version);
    if (retired >= 1) {
      model.keys(retired).forEach(key -> entries.add(new Entry(key, null)));
    }
    commit(entries);
  }

  /** A version's records; may be changed. */
  List<Entry> entries(long version) {
    List<Entry> entries = new java.util.ArrayList<>();
    model.write(version, (key, value) -> entries.add(new Entry(key, value)));
    return entries;
  }

  void commit(List<Entry> entries) {
    producer.beginTransaction();
    send(entries);
    producer.commitTransaction();
  }

  /** Sends all of them and then takes it back, as a learner does that fails in mid-transaction. */
  void abort(List<Entry> entries) {
    producer.beginTransaction();
    send(entries);
    // Without this, an abort would drop what was not sent yet.
    producer.flush();
    producer.abortTransaction();
  }

  private void send(List<Entry> entries) {
    for (Entry entry : entries) {
      ProducerRecord<byte[], byte[]> record =
          new ProducerRecord<>(
              topic, 0, entry.key().getBytes(StandardCharsets.UTF_8), entry.value());
      if (entry.key().endsWith("/manifest") && entry.value() != null) {
        sign(record);
      }
      var _ = producer.send(record);
    }
  }

  /** Sets an alias to a version of which it tells the SHA-256. */
  public void alias(String name, long version, String sha256) {
    byte[] value =
        ALIAS.encode(
            ModelAlias.newBuilder()
                .setModel(CountingModel.NAME)
                .setAlias(name)
                .setVersion(version)
                .setSha256(sha256)
                .setCommandId("test")
                .setObserved(new AliasObserved(System.currentTimeMillis()))
                .build());
    sendAlias(name, value);
  }

  public void deleteAlias(String name) {
    sendAlias(name, null);
  }

  private void sendAlias(String name, byte @Nullable [] value) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            aliases, 0, (CountingModel.NAME + "/" + name).getBytes(StandardCharsets.UTF_8), value);
    sign(record);
    producer.beginTransaction();
    var _ = producer.send(record);
    producer.commitTransaction();
  }

  private void sign(ProducerRecord<byte[], byte[]> record) {
    byte[] value = record.value();
    if (value != null) {
      signer.ifPresent(by ->
          record
              .headers()
              .add(RecordSignatures.KEY_ID_HEADER, by.keyId().getBytes(StandardCharsets.UTF_8))
              .add(RecordSignatures.SIGNATURE_HEADER, by.sign(value)));
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
