package io.millrace.topology.labels;

import io.millrace.KeptHeader;
import io.millrace.LabelJoinEntry;
import io.millrace.LabelJoinKind;
import io.millrace.schemas.TensorBytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** Arrivals to what is remembered of them, and back. */
final class JoinEntries {

  private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

  private JoinEntries() {}

  static LabelJoinEntry image(
      Record<byte[], Arrival> record, Arrival.Image image, RecordMetadata source, long deadlineMs) {
    return entry(LabelJoinKind.IMAGE, record, source, deadlineMs, -1, image.value(), List.of());
  }

  static LabelJoinEntry label(
      Record<byte[], Arrival> record, Arrival.Label label, RecordMetadata source, long deadlineMs) {
    List<KeptHeader> headers = new ArrayList<>();
    for (Header header : record.headers()) {
      headers.add(
          KeptHeader.newBuilder()
              .setKey(header.key())
              .setValue(header.value() == null ? null : ByteBuffer.wrap(header.value()))
              .build());
    }
    int number = label.label().getLabel();
    return entry(LabelJoinKind.LABEL, record, source, deadlineMs, number, label.value(), headers);
  }

  private static LabelJoinEntry entry(
      LabelJoinKind kind,
      Record<byte[], Arrival> record,
      RecordMetadata source,
      long deadlineMs,
      int label,
      byte[] value,
      List<KeptHeader> headers) {
    return LabelJoinEntry.newBuilder()
        .setKind(kind)
        .setDeadlineMs(deadlineMs)
        .setEventTimeMs(record.timestamp())
        .setLabel(label)
        .setPartition(source.partition())
        .setOffset(source.offset())
        .setTimestampMs(record.timestamp())
        .setHeaders(headers)
        .setValue(ByteBuffer.wrap(value))
        .build();
  }

  /** What stays of an image that has its label. */
  static LabelJoinEntry joined(long imageTimeMs, int label, long deadlineMs) {
    return LabelJoinEntry.newBuilder()
        .setKind(LabelJoinKind.JOINED)
        .setDeadlineMs(deadlineMs)
        .setEventTimeMs(imageTimeMs)
        .setLabel(label)
        .setPartition(-1)
        .setOffset(-1)
        .setTimestampMs(imageTimeMs)
        .setHeaders(List.of())
        .setValue(EMPTY)
        .build();
  }

  static byte[] value(LabelJoinEntry entry) {
    return TensorBytes.array(entry.getValue());
  }

  static Headers headers(LabelJoinEntry entry) {
    RecordHeaders headers = new RecordHeaders();
    for (KeptHeader header : entry.getHeaders()) {
      headers.add(header.getKey(), header.getValue().map(TensorBytes::array).orElse(null));
    }
    return headers;
  }
}
