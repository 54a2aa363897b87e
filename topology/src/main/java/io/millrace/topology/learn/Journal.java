package io.millrace.topology.learn;

import io.millrace.ControlCommand;
import io.millrace.JournalEntry;
import io.millrace.JournalKind;
import io.millrace.JournalObserved;
import io.millrace.schemas.AvroCodec;
import io.millrace.topology.state.Progress;
import java.nio.ByteBuffer;
import java.util.Map;

/** Writes down what decided about the weights and is not in the images. */
final class Journal {

  private final AvroCodec<JournalEntry> codec = AvroCodec.of(JournalEntry.class);
  private final AvroCodec<ControlCommand> commandCodec = AvroCodec.of(ControlCommand.class);
  private final String model;
  private final Progress progress;
  private final Output output;

  Journal(String model, Progress progress, Output output) {
    this.model = model;
    this.progress = progress;
    this.output = output;
  }

  void configured(long step, Map<String, String> settings) {
    progress.settings(settings);
    JournalEntry entry = entry(JournalKind.CONFIGURED, step);
    entry.setSettings(settings);
    write(entry);
  }

  void lingered(long step, int batchSize) {
    JournalEntry entry = entry(JournalKind.LINGERED, step);
    entry.setBatchSize(batchSize);
    write(entry);
  }

  void published(long step, long version) {
    JournalEntry entry = entry(JournalKind.PUBLISHED, step);
    entry.setVersion(version);
    write(entry);
  }

  void skipped(long step, int batchSize, String message) {
    JournalEntry entry = entry(JournalKind.SKIPPED, step);
    entry.setBatchSize(batchSize);
    entry.setMessage(message);
    write(entry);
  }

  void paused(long step, String message) {
    JournalEntry entry = entry(JournalKind.PAUSED, step);
    entry.setMessage(message);
    write(entry);
  }

  void resumed(long step) {
    write(entry(JournalKind.RESUMED, step));
  }

  /** A command that decides about the weights. */
  void commanded(long step, ControlCommand command) {
    JournalEntry entry = entry(JournalKind.COMMANDED, step);
    entry.setCommand(ByteBuffer.wrap(commandCodec.encode(command)));
    entry.setMessage(command.getReason());
    write(entry);
  }

  private JournalEntry entry(JournalKind kind, long step) {
    return JournalEntry.newBuilder()
        .setModel(model)
        .setSequence(progress.nextJournalEntry())
        .setStep(step)
        .setImages(progress.imagesTaken())
        .setKind(kind)
        .setObserved(new JournalObserved(System.currentTimeMillis()))
        .build();
  }

  private void write(JournalEntry entry) {
    output.send(Output.Channel.JOURNAL, KeyedBytes.of(model, codec.encode(entry)));
  }
}
