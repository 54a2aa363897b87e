package io.millrace.topology.learn;

import io.millrace.schemas.DeadLetterHeaders;
import io.millrace.topology.decode.Decoded;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** Makes the dead letter of a record: its key and value as they came, the reason in headers. */
final class DeadLetters {

  private DeadLetters() {}

  static Record<byte[], Object> record(
      Record<byte[], byte[]> record, RecordMetadata source, Decoded.Rejected rejected) {
    Headers headers = new RecordHeaders(record.headers());
    add(headers, DeadLetterHeaders.REASON, rejected.reason().name());
    add(headers, DeadLetterHeaders.MESSAGE, rejected.message());
    add(headers, DeadLetterHeaders.STAGE, "decode");
    add(headers, DeadLetterHeaders.TOPIC, source.topic());
    add(headers, DeadLetterHeaders.PARTITION, Integer.toString(source.partition()));
    add(headers, DeadLetterHeaders.OFFSET, Long.toString(source.offset()));
    return new Record<>(record.key(), record.value(), record.timestamp(), headers);
  }

  private static void add(Headers headers, String name, String value) {
    headers.add(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
