package io.millrace.topology.decode;

import io.millrace.schemas.DeadLetterHeaders;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** Makes dead letters: what could not be used as it came, and the reason in headers. */
public final class DeadLetterRecords {

  private DeadLetterRecords() {}

  /**
   * A record's key and value as they came.
   *
   * @param stage the node of the topology that found it
   */
  public static Record<byte[], byte[]> of(
      Record<byte[], byte[]> record,
      RecordMetadata source,
      Decoded.Rejected rejected,
      String stage) {
    Headers headers = new RecordHeaders(record.headers());
    add(headers, rejected, stage, source.topic(), source.partition(), source.offset());
    return record.withHeaders(headers);
  }

  /** Adds the reason, and where the record came from. */
  public static void add(
      Headers headers,
      Decoded.Rejected rejected,
      String stage,
      String topic,
      int partition,
      long offset) {
    add(headers, DeadLetterHeaders.REASON, rejected.reason().name());
    add(headers, DeadLetterHeaders.MESSAGE, rejected.message());
    add(headers, DeadLetterHeaders.STAGE, stage);
    add(headers, DeadLetterHeaders.TOPIC, topic);
    add(headers, DeadLetterHeaders.PARTITION, Integer.toString(partition));
    add(headers, DeadLetterHeaders.OFFSET, Long.toString(offset));
  }

  private static void add(Headers headers, String name, String value) {
    headers.add(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
