package io.millrace.app.demo;

import io.millrace.app.data.ImageOrder;
import io.millrace.app.data.ImageSource;
import io.millrace.app.process.Threads;
import io.millrace.app.produce.ImageProducer;
import java.util.concurrent.atomic.AtomicReference;

/** Streams the images on a thread of its own. */
final class DemoProducer implements AutoCloseable {

  private final ImageProducer producer;
  private final Thread thread;
  private final AtomicReference<RuntimeException> failure = new AtomicReference<>();

  private DemoProducer(
      ImageProducer producer, ImageSource source, ImageOrder order, ImageProducer.Start start) {
    this.producer = producer;
    this.thread =
        Thread.ofPlatform()
            .daemon()
            .name("millrace-producer")
            .start(() -> {
              try {
                producer.send(source, order, start, _ -> {});
              } catch (RuntimeException e) {
                failure.set(e);
              }
            });
  }

  static DemoProducer start(
      ImageProducer producer, ImageSource source, ImageOrder order, ImageProducer.Start start) {
    return new DemoProducer(producer, source, order, start);
  }

  /** Throws what ended the producer, if something did. */
  void check() {
    RuntimeException thrown = failure.get();
    if (thrown != null) {
      throw thrown;
    }
  }

  @Override
  public void close() {
    producer.close();
    Threads.join(thread);
  }
}
