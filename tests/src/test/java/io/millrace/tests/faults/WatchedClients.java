package io.millrace.tests.faults;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.jspecify.annotations.Nullable;

/** The learner's own clients, with a watch that is told when Kafka Streams passes certain calls. */
final class WatchedClients implements KafkaClientSupplier {

  private final Trap.Watch watch;
  private final String snapshotsTopic;
  private final KafkaClientSupplier clients;

  WatchedClients(Trap.Watch watch, String snapshotsTopic, KafkaClientSupplier clients) {
    this.clients = clients;
    this.watch = watch;
    this.snapshotsTopic = snapshotsTopic;
  }

  /** A call on its way to the client. */
  private interface Call {
    @Nullable Object proceed() throws Throwable;
  }

  private interface Around {
    @Nullable Object call(Method method, Object[] arguments, Call call) throws Throwable;
  }

  private static <T> T around(Class<T> type, T client, Around around) {
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, nullableArguments) -> {
              Object[] arguments = nullableArguments == null ? new Object[0] : nullableArguments;
              return around.call(
                  method,
                  arguments,
                  () -> {
                    try {
                      return method.invoke(client, arguments);
                    } catch (InvocationTargetException e) {
                      throw e.getCause();
                    }
                  });
            });
    return type.cast(proxy);
  }

  @Override
  public Admin getAdmin(Map<String, Object> config) {
    return clients.getAdmin(config);
  }

  @Override
  public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
    @SuppressWarnings("unchecked") // a class literal has no type arguments
    Class<Producer<byte[], byte[]>> type =
        (Class<Producer<byte[], byte[]>>) (Class<?>) Producer.class;
    return around(type, clients.getProducer(config), this::producerCall);
  }

  private @Nullable Object producerCall(Method method, Object[] arguments, Call call)
      throws Throwable {
    switch (method.getName()) {
      case "send" -> sending(((ProducerRecord<?, ?>) arguments[0]).topic());
      case "sendOffsetsToTransaction" -> watch.passing(Point.OFFSETS);
      case "commitTransaction" -> watch.passing(Point.COMMIT);
      default -> {}
    }
    Object result = call.proceed();
    if (method.getName().equals("commitTransaction")) {
      watch.passing(Point.COMMITTED);
    }
    return result;
  }

  private void sending(String topic) {
    if (topic.endsWith("-changelog")) {
      watch.passing(Point.FLUSH);
    } else if (topic.equals(snapshotsTopic)) {
      watch.passing(Point.SNAPSHOT);
    }
  }

  @Override
  public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
    return consumer(
        clients.getConsumer(config),
        (method, arguments, call) -> {
          if (method.getName().equals("subscribe")
              && arguments.length == 2
              && arguments[1] instanceof ConsumerRebalanceListener listener) {
            arguments[1] = watched(listener);
          }
          return call.proceed();
        });
  }

  private ConsumerRebalanceListener watched(ConsumerRebalanceListener listener) {
    return new ConsumerRebalanceListener() {
      @Override
      public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        listener.onPartitionsAssigned(partitions);
        if (!partitions.isEmpty()) {
          watch.passing(Point.ASSIGNED);
        }
      }

      @Override
      public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        listener.onPartitionsRevoked(partitions);
      }

      @Override
      public void onPartitionsLost(Collection<TopicPartition> partitions) {
        listener.onPartitionsLost(partitions);
      }
    };
  }

  @Override
  public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
    return consumer(
        clients.getRestoreConsumer(config),
        (_, _, call) -> {
          Object result = call.proceed();
          if (result instanceof ConsumerRecords<?, ?> records && !records.isEmpty()) {
            watch.passing(Point.RESTORE);
          }
          return result;
        });
  }

  @Override
  public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
    throw new UnsupportedOperationException("the topology has no global store");
  }

  private static Consumer<byte[], byte[]> consumer(Consumer<byte[], byte[]> client, Around around) {
    @SuppressWarnings("unchecked") // a class literal has no type arguments
    Class<Consumer<byte[], byte[]>> type =
        (Class<Consumer<byte[], byte[]>>) (Class<?>) Consumer.class;
    return around(type, client, around);
  }
}
