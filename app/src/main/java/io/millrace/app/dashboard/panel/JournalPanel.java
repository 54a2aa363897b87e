package io.millrace.app.dashboard.panel;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.ControlAcknowledgement;
import io.millrace.ControlCommand;
import io.millrace.ControlKind;
import io.millrace.ControlOutcome;
import io.millrace.JournalEntry;
import io.millrace.JournalKind;
import io.millrace.schemas.AvroCodec;
import io.millrace.schemas.InvalidRecordException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Stream;

/** What was decided by a clock or a person, what became of commands, and whether training waits. */
public final class JournalPanel extends WholePanel {
  private static final int SHOWN = 30;

  private final AvroCodec<ControlCommand> commands = AvroCodec.of(ControlCommand.class);
  private final ArrayDeque<Row> entries = new ArrayDeque<>();
  private final ArrayDeque<Row> answers = new ArrayDeque<>();
  private long pausedMs = Long.MIN_VALUE;
  private long resumedMs = Long.MIN_VALUE;

  private record Row(long timeMs, long step, String kind, String text) {}

  public JournalPanel() {
    super("journal");
  }

  /** Takes the next entry of the journal. */
  public synchronized void entry(JournalEntry entry) {
    long timeMs = entry.getObserved().getTimeMs();
    if (entry.getKind() == JournalKind.PAUSED) {
      pausedMs = Math.max(pausedMs, timeMs);
    } else if (entry.getKind() == JournalKind.RESUMED) {
      resumedMs = Math.max(resumedMs, timeMs);
    }
    add(entries, new Row(timeMs, entry.getStep(), entry.getKind().name(), text(entry)));
  }

  /** Takes the next acknowledgement of a command. */
  public synchronized void answer(ControlAcknowledgement answer) {
    long timeMs = answer.getObserved().getTimeMs();
    if (answer.getOutcome() == ControlOutcome.APPLIED) {
      if (answer.getKind() == ControlKind.PAUSE) {
        pausedMs = Math.max(pausedMs, timeMs);
      } else if (answer.getKind() == ControlKind.RESUME) {
        resumedMs = Math.max(resumedMs, timeMs);
      }
    }
    String text = words(answer.getKind().name()) + ": " + answer.getMessage();
    add(answers, new Row(timeMs, answer.getStep(), answer.getOutcome().name(), text));
  }

  private void add(ArrayDeque<Row> rows, Row row) {
    rows.addFirst(row);
    if (rows.size() > SHOWN) {
      rows.removeLast();
    }
    changed();
  }

  /**
   * Whether training waits for an operator.
   *
   * @param trainedMs when the last step was taken: a step after a pause proves its end
   */
  public synchronized boolean paused(long trainedMs) {
    return pausedMs > resumedMs && pausedMs >= trainedMs;
  }

  private String text(JournalEntry entry) {
    String message = entry.getMessage();
    return switch (entry.getKind()) {
      case LINGERED ->
          "a minibatch of " + entry.getBatchSize() + " images was closed before it was full";
      case PUBLISHED -> "version " + entry.getVersion() + " was published by the clock";
      case SKIPPED -> "a minibatch of " + entry.getBatchSize() + " images was refused: " + message;
      case CONFIGURED -> message.isEmpty() ? "the learner started with new settings" : message;
      case COMMANDED -> entry.getCommand().map(this::command).orElse(message);
      case PAUSED, RESUMED, UNKNOWN -> message;
    };
  }

  private String command(ByteBuffer bytes) {
    byte[] value = new byte[bytes.remaining()];
    bytes.get(bytes.position(), value);
    try {
      ControlCommand command = commands.decode(value);
      StringBuilder text = new StringBuilder(words(command.getKind().name()));
      command.getAlias().ifPresent(alias -> text.append(' ').append(alias));
      command.getVersion().ifPresent(version -> text.append(" version ").append(version));
      command.getLearningRate().ifPresent(rate -> text.append(' ').append(rate));
      return command.getReason().isEmpty()
          ? text.toString()
          : text.append(": ").append(command.getReason()).toString();
    } catch (InvalidRecordException e) {
      return "a command that this version cannot read";
    }
  }

  private static String words(String constant) {
    return constant.toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  @Override
  synchronized void write(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("latest");
    for (Row row :
        Stream.concat(entries.stream(), answers.stream())
            .sorted(Comparator.comparingLong(Row::timeMs).reversed())
            .limit(SHOWN)
            .toList()) {
      json.writeStartObject();
      json.writeNumberField("timeMs", row.timeMs());
      json.writeNumberField("step", row.step());
      json.writeStringField("kind", row.kind());
      json.writeStringField("text", row.text());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
