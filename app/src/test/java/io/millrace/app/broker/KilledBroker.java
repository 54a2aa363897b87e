package io.millrace.app.broker;

import java.nio.file.Path;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A process that starts a broker, commits ten values, leaves a transaction open, says so on stdout
 * and waits to be killed.
 */
final class KilledBroker {
  static final String TOPIC = "survivors";

  private KilledBroker() {}

  public static void main(String[] args) throws Exception {
    EmbeddedBroker broker = EmbeddedBroker.start(Path.of(args[0]));
    BrokerClients.createTopic(broker.bootstrapServers(), TOPIC);
    BrokerClients.commit(broker.bootstrapServers(), TOPIC, "kept-", 10);
    Producer<String, String> open = BrokerClients.producer(broker.bootstrapServers());
    open.beginTransaction();
    open.send(new ProducerRecord<>(TOPIC, "lost", "lost")).get();
    System.out.println("ready " + broker.clusterId() + " " + broker.port());
    System.out.flush();
    Thread.sleep(120_000);
  }
}
