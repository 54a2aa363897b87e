package io.millrace.benchmarks.topology;

import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/** The learner's own clients, with a producer that tells a meter what it sends and commits. */
final class MeteredClients implements KafkaClientSupplier {
  private final CommitMeter meter;
  private final KafkaClientSupplier clients;

  MeteredClients(CommitMeter meter, KafkaClientSupplier clients) {
    this.meter = meter;
    this.clients = clients;
  }

  @Override
  public Admin getAdmin(Map<String, Object> config) {
    return clients.getAdmin(config);
  }

  @Override
  public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
    return clients.getConsumer(config);
  }

  @Override
  public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
    return clients.getRestoreConsumer(config);
  }

  @Override
  public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
    return clients.getGlobalConsumer(config);
  }

  @Override
  public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
    return new MeteredProducer(config, meter);
  }

  private static final class MeteredProducer extends KafkaProducer<byte[], byte[]> {
    private final CommitMeter meter;

    MeteredProducer(Map<String, Object> config, CommitMeter meter) {
      super(config, new ByteArraySerializer(), new ByteArraySerializer());
      this.meter = meter;
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
      meter.sent(record);
      return super.send(record, callback);
    }

    @Override
    public void commitTransaction() {
      super.commitTransaction();
      meter.committed();
    }
  }
}
