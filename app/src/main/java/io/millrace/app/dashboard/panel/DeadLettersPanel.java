package io.millrace.app.dashboard.panel;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.schemas.DeadLetterHeaders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** The newest dead letters and why each is one. */
public final class DeadLettersPanel extends WholePanel {
  private static final int SHOWN = 50;
  private static final int MAX_TEXT = 500;

  private final LongSupplier rejected;
  private final Predicate<byte[]> hasPicture;
  private final ArrayDeque<DeadLetter> latest = new ArrayDeque<>();
  private long seen;

  private record DeadLetter(
      int partition,
      long offset,
      long timeMs,
      String reason,
      String message,
      String exception,
      String source,
      int sizeBytes,
      boolean picture) {}

  /**
   * A panel without dead letters.
   *
   * @param rejected how many there were since the model's beginning, as the learner says
   * @param hasPicture whether a value looks as if a picture could be made of it
   */
  public DeadLettersPanel(LongSupplier rejected, Predicate<byte[]> hasPicture) {
    super("deadletters");
    this.rejected = rejected;
    this.hasPicture = hasPicture;
  }

  /** Takes the next one. */
  public void accept(ConsumerRecord<byte[], byte[]> record) {
    byte[] value = record.value() == null ? new byte[0] : record.value();
    DeadLetter letter =
        new DeadLetter(
            record.partition(),
            record.offset(),
            record.timestamp(),
            header(record, DeadLetterHeaders.REASON),
            header(record, DeadLetterHeaders.MESSAGE),
            header(record, DeadLetterHeaders.EXCEPTION),
            header(record, DeadLetterHeaders.TOPIC)
                + "-"
                + header(record, DeadLetterHeaders.PARTITION)
                + "@"
                + header(record, DeadLetterHeaders.OFFSET),
            value.length,
            hasPicture.test(value));
    synchronized (this) {
      seen++;
      latest.addFirst(letter);
      if (latest.size() > SHOWN) {
        latest.removeLast();
      }
    }
    changed();
  }

  /** Anybody may have written the header. */
  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    if (header == null || header.value() == null) {
      return "";
    }
    String text = new String(header.value(), StandardCharsets.UTF_8);
    return text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) + "..." : text;
  }

  @Override
  synchronized void write(JsonGenerator json) throws IOException {
    json.writeNumberField("total", Math.max(seen, rejected.getAsLong()));
    json.writeArrayFieldStart("latest");
    for (DeadLetter letter : latest) {
      json.writeStartObject();
      json.writeNumberField("partition", letter.partition());
      json.writeNumberField("offset", letter.offset());
      json.writeNumberField("timeMs", letter.timeMs());
      json.writeStringField("reason", letter.reason());
      json.writeStringField("message", letter.message());
      json.writeStringField("exception", letter.exception());
      json.writeStringField("source", letter.source());
      json.writeNumberField("bytes", letter.sizeBytes());
      json.writeBooleanField("picture", letter.picture());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
