package io.millrace.benchmarks.topology;

import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;

/** The usual clients, with a producer that tells a meter what it sends and commits. */
final class MeteredClients extends DefaultKafkaClientSupplier {
  private final CommitMeter meter;

  MeteredClients(CommitMeter meter) {
    this.meter = meter;
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
