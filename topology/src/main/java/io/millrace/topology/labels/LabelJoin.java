package io.millrace.topology.labels;

import io.millrace.ImageLabel;
import io.millrace.LabelJoinEntry;
import io.millrace.UnlabeledImage;
import io.millrace.schemas.AvroCodec;
import io.millrace.schemas.DeadLetterReason;
import io.millrace.topology.config.LabelJoinConfig;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * What becomes of each image and each label. Of an id, the first image and the first label in time
 * count; whichever comes first waits for the other until its deadline, its event time plus window
 * plus grace. Time is the highest event time that was seen in this partition of either topic.
 */
final class LabelJoin {

  private final AvroCodec<UnlabeledImage> images = AvroCodec.of(UnlabeledImage.class);
  private final LabelJoinConfig config;
  private final JoinMemory memory;
  private final JoinOutput output;

  LabelJoin(LabelJoinConfig config, JoinMemory memory, JoinOutput output) {
    this.config = config;
    this.memory = memory;
    this.output = output;
  }

  /** Ends what waited in vain, and forgets what is joined, the earliest deadlines first. */
  void endWhatIsOver(long nowMs, int most) {
    for (String id : memory.over(nowMs, most)) {
      memory.find(id).ifPresent(entry -> end(id, entry, nowMs));
    }
  }

  private void end(String id, LabelJoinEntry entry, long nowMs) {
    memory.forget(id, entry);
    switch (entry.getKind()) {
      case IMAGE -> output.withoutLabel();
      case LABEL ->
          output.late(
              id,
              entry,
              "expected image "
                  + id
                  + " to wait or to come within "
                  + config.windowMs()
                  + " ms of the label, got none",
              nowMs);
      case JOINED -> {}
      case UNKNOWN -> throw new IllegalStateException("label join: UNKNOWN is never written");
    }
  }

  /** Takes the next record. */
  void take(Record<byte[], Arrival> record, RecordMetadata source, long nowMs) {
    switch (record.value()) {
      case Arrival.Unusable unusable -> output.reject(record, source, unusable.why());
      case Arrival.Image image -> {
        if (isUsable(record, source, image.image().getId())) {
          take(record, source, image, nowMs);
        }
      }
      case Arrival.Label label -> {
        if (isUsable(record, source, label.label().getId())
            && isClass(record, source, label.label())) {
          take(record, source, label, nowMs);
        }
      }
    }
  }

  private boolean isUsable(Record<byte[], Arrival> record, RecordMetadata source, String id) {
    if (!Arrays.equals(record.key(), id.getBytes(StandardCharsets.UTF_8))) {
      output.reject(
          record,
          source,
          DeadLetterReason.WRONG_KEY,
          "expected the id " + id + " as the record's key, by which image and label meet");
      return false;
    }
    Optional<Long> told = EventTime.told(record.value());
    // The extractor has set aside what is too far ahead, and nothing else.
    if (told.isPresent() && told.get() != record.timestamp()) {
      output.reject(
          record,
          source,
          DeadLetterReason.EVENT_TIME_AHEAD,
          "expected an event time of at most "
              + EventTime.MOST_AHEAD.toMillis()
              + " ms after the record's timestamp "
              + record.timestamp()
              + ", got "
              + told.get());
      return false;
    }
    return true;
  }

  private boolean isClass(Record<byte[], Arrival> record, RecordMetadata source, ImageLabel label) {
    if (label.getLabel() >= 0 && label.getLabel() < config.classes()) {
      return true;
    }
    output.reject(
        record,
        source,
        DeadLetterReason.LABEL_OUT_OF_RANGE,
        "expected a label of 0 to " + (config.classes() - 1) + ", got " + label.getLabel());
    return false;
  }

  /** What is known of an id and not over. */
  private Optional<LabelJoinEntry> find(String id, long nowMs) {
    Optional<LabelJoinEntry> entry = memory.find(id);
    if (entry.isPresent() && entry.get().getDeadlineMs() < nowMs) {
      end(id, entry.get(), nowMs);
      return Optional.empty();
    }
    return entry;
  }

  private void take(
      Record<byte[], Arrival> record, RecordMetadata source, Arrival.Image image, long nowMs) {
    String id = image.image().getId();
    long timeMs = record.timestamp();
    Optional<LabelJoinEntry> known = find(id, nowMs);
    if (known.isEmpty()) {
      keepImage(record, source, image, nowMs);
      return;
    }
    LabelJoinEntry entry = known.get();
    switch (entry.getKind()) {
      case LABEL -> {
        memory.forget(id, entry);
        if (config.inWindow(timeMs, entry.getEventTimeMs())) {
          join(image.image(), timeMs, entry.getLabel(), nowMs);
        } else {
          output.late(id, entry, tooLate(id, timeMs, entry.getEventTimeMs()), nowMs);
          keepImage(record, source, image, nowMs);
        }
      }
      case IMAGE, JOINED ->
          output.reject(
              record,
              source,
              DeadLetterReason.DUPLICATE_IMAGE,
              "expected one image with the id " + id + " within the window, got another");
      case UNKNOWN -> throw new IllegalStateException("label join: UNKNOWN is never written");
    }
  }

  private void keepImage(
      Record<byte[], Arrival> record, RecordMetadata source, Arrival.Image image, long nowMs) {
    long deadlineMs = config.deadlineMs(record.timestamp());
    if (deadlineMs < nowMs) {
      output.withoutLabel();
      return;
    }
    memory.keep(image.image().getId(), JoinEntries.image(record, image, source, deadlineMs));
  }

  private void take(
      Record<byte[], Arrival> record, RecordMetadata source, Arrival.Label label, long nowMs) {
    String id = label.label().getId();
    int number = label.label().getLabel();
    long timeMs = record.timestamp();
    Optional<LabelJoinEntry> known = find(id, nowMs);
    if (known.isEmpty()) {
      long deadlineMs = config.deadlineMs(timeMs);
      LabelJoinEntry entry = JoinEntries.label(record, label, source, deadlineMs);
      if (deadlineMs < nowMs) {
        end(id, entry, nowMs);
      } else {
        memory.keep(id, entry);
      }
      return;
    }
    LabelJoinEntry entry = known.get();
    switch (entry.getKind()) {
      case IMAGE -> {
        if (config.inWindow(entry.getEventTimeMs(), timeMs)) {
          memory.forget(id, entry);
          UnlabeledImage image = images.decode(JoinEntries.value(entry));
          join(image, entry.getEventTimeMs(), number, nowMs);
        } else {
          output.reject(
              record,
              source,
              DeadLetterReason.LATE_LABEL,
              tooLate(id, entry.getEventTimeMs(), timeMs));
        }
      }
      case LABEL, JOINED -> repeated(record, source, id, number, entry.getLabel());
      case UNKNOWN -> throw new IllegalStateException("label join: UNKNOWN is never written");
    }
  }

  private void join(UnlabeledImage image, long imageTimeMs, int label, long nowMs) {
    output.joined(image, imageTimeMs, label, nowMs);
    long deadlineMs = config.deadlineMs(imageTimeMs);
    if (deadlineMs >= nowMs) {
      memory.keep(image.getId(), JoinEntries.joined(imageTimeMs, label, deadlineMs));
    }
  }

  private void repeated(
      Record<byte[], Arrival> record, RecordMetadata source, String id, int label, int first) {
    if (label == first) {
      output.reject(
          record,
          source,
          DeadLetterReason.DUPLICATE_LABEL,
          "expected one label of image " + id + ", got " + label + " again");
    } else {
      output.reject(
          record,
          source,
          DeadLetterReason.CONFLICTING_LABEL,
          "expected label " + first + " of image " + id + ", which came first, got " + label);
    }
  }

  private String tooLate(String id, long imageTimeMs, long labelTimeMs) {
    return "expected a label of image "
        + id
        + " within "
        + config.windowMs()
        + " ms of it, got one "
        + (labelTimeMs - imageTimeMs)
        + " ms after it";
  }
}
