package io.millrace.app.promote;

import io.millrace.app.downstream.HeldOut;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.topology.config.ImageConfig;
import io.millrace.topology.decode.Decoded;
import io.millrace.topology.decode.ImageDecoder;
import io.millrace.topology.replay.TopicReader;
import java.util.ArrayDeque;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The newest held-out images of the stream. For one thread. */
final class EvalWindow implements AutoCloseable {

  private final TopicReader reader;
  private final ImageDecoder decoder;
  private final int size;
  private final ArrayDeque<Decoded.Accepted> images = new ArrayDeque<>();
  private long next;

  /**
   * An empty window.
   *
   * @param client properties of a Kafka client: address and security
   * @param size images that it holds at most
   */
  EvalWindow(
      Map<String, String> client, String topic, NetworkSpec network, ImageConfig config, int size) {
    this.reader = new TopicReader(client, topic);
    this.decoder = new ImageDecoder(network, config);
    this.size = size;
    next = reader.first();
  }

  /** Reads on to the present end of the topic; what is there now. */
  HeldOut refresh() {
    reader.read(Math.max(next, reader.first()), this::take);
    return HeldOut.of(images);
  }

  private boolean take(ConsumerRecord<byte[], byte[]> record) {
    next = record.offset() + 1;
    // What a learner rejects is in its dead letters already.
    if (decoder.decode(record.value()) instanceof Decoded.Accepted image && image.heldOut()) {
      images.addLast(image);
      if (images.size() > size) {
        images.removeFirst();
      }
    }
    return true;
  }

  @Override
  public void close() {
    reader.close();
  }
}
