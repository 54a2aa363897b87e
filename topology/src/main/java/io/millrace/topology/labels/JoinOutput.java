package io.millrace.topology.labels;

import io.millrace.LabelJoinEntry;
import io.millrace.LabeledImage;
import io.millrace.UnlabeledImage;
import io.millrace.schemas.AvroCodec;
import io.millrace.schemas.DeadLetterReason;
import io.millrace.topology.config.LabelJoinConfig;
import io.millrace.topology.decode.DeadLetterRecords;
import io.millrace.topology.decode.Decoded;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** What leaves the join: training images and dead letters, each counted. */
final class JoinOutput {

  private static final AvroCodec<LabeledImage> CODEC = AvroCodec.of(LabeledImage.class);

  private final LabelJoinConfig config;
  private final ProcessorContext<byte[], byte[]> context;
  private final LabelJoinMeters meters;

  JoinOutput(
      LabelJoinConfig config, ProcessorContext<byte[], byte[]> context, LabelJoinMeters meters) {
    this.config = config;
    this.context = context;
    this.meters = meters;
  }

  /**
   * An image with its label. Its timestamp is the time of the join rather than the image's, so that
   * old images do not make records of the images topic expire at once.
   */
  void joined(UnlabeledImage image, long imageTimeMs, int label, long nowMs) {
    LabeledImage labeled =
        LabeledImage.newBuilder()
            .setId(image.getId())
            .setLabel(label)
            .setEventTimeMs(imageTimeMs)
            .setEncoding(image.getEncoding())
            .setChannels(image.getChannels())
            .setHeight(image.getHeight())
            .setWidth(image.getWidth())
            .setData(image.getData())
            .build();
    byte[] key = image.getId().getBytes(StandardCharsets.UTF_8);
    context.forward(new Record<>(key, CODEC.encode(labeled), nowMs), LabelJoinTopology.IMAGES);
    meters.join();
  }

  /** A record that has just come; however old it is, its dead letter is not. */
  void reject(
      Record<byte[], Arrival> record,
      RecordMetadata source,
      DeadLetterReason reason,
      String message) {
    reject(record, source, new Decoded.Rejected(reason, message));
  }

  void reject(Record<byte[], Arrival> record, RecordMetadata source, Decoded.Rejected why) {
    Record<byte[], byte[]> asItCame =
        record.withValue(record.value().value()).withTimestamp(context.currentStreamTimeMs());
    context.forward(
        DeadLetterRecords.of(asItCame, source, why, LabelJoinTopology.JOIN),
        LabelJoinTopology.DEAD_LETTERS);
    meters.reject(why.reason());
  }

  /** A label that has waited. */
  void late(String id, LabelJoinEntry label, String message, long nowMs) {
    Headers headers = JoinEntries.headers(label);
    Decoded.Rejected why = new Decoded.Rejected(DeadLetterReason.LATE_LABEL, message);
    DeadLetterRecords.add(
        headers,
        why,
        LabelJoinTopology.JOIN,
        config.topics().labels(),
        label.getPartition(),
        label.getOffset());
    byte[] key = id.getBytes(StandardCharsets.UTF_8);
    context.forward(
        new Record<>(key, JoinEntries.value(label), Math.max(0, nowMs), headers),
        LabelJoinTopology.DEAD_LETTERS);
    meters.reject(why.reason());
  }

  /** An image that nobody told the label of. */
  void withoutLabel() {
    meters.forgetImage();
  }
}
