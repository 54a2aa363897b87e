package io.millrace.topology.replay;

import io.millrace.ControlCommand;
import io.millrace.ControlKind;
import io.millrace.JournalEntry;
import io.millrace.JournalKind;
import io.millrace.schemas.AvroCodec;
import io.millrace.topology.learn.Commands;
import io.millrace.topology.learn.TrainingSession;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The first run's journal during a replay: it makes the calls that a clock or an operator made
 * then, at the same places, and checks that the replay writes the same journal.
 */
final class JournalScript {

  private final AvroCodec<ControlCommand> commandCodec = AvroCodec.of(ControlCommand.class);
  private final List<JournalEntry> entries;
  private int next;

  /**
   * A script.
   *
   * @param entries of one model, in order
   * @throws ReplayException if one is missing
   */
  JournalScript(List<JournalEntry> entries) {
    this.entries = entries;
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).getSequence() != i + 1) {
        throw new ReplayException(
            "journal: expected entry "
                + (i + 1)
                + ", got "
                + entries.get(i).getSequence()
                + "; the topic has lost records, so nothing can be replayed: its retention.ms must be"
                + " -1 from the beginning");
      }
    }
  }

  /** The versions that are rolled back to. */
  Set<Long> rollBacks() {
    Set<Long> versions = new TreeSet<>();
    for (JournalEntry entry : entries) {
      if (entry.getKind() == JournalKind.COMMANDED) {
        ControlCommand command = command(entry);
        if (command.getKind() == ControlKind.ROLL_BACK) {
          versions.add(command.getVersion().orElseThrow());
        }
      }
    }
    return versions;
  }

  /** Makes the next call if its time has come; whether it had. */
  boolean playNext(TrainingSession session, Commands commands) {
    if (next == entries.size() || !due(entries.get(next), session)) {
      return false;
    }
    JournalEntry entry = entries.get(next);
    switch (entry.getKind()) {
      case LINGERED -> session.trainLingering();
      case PUBLISHED -> session.publishNow();
      case RESUMED -> {
        session.resume();
        session.trainFull();
      }
      case CONFIGURED -> throw reconfigured(entry, session);
      case COMMANDED -> {
        commands.replay(command(entry));
        session.trainFull();
      }
      case SKIPPED, PAUSED, UNKNOWN -> throw new IllegalStateException("never due: " + entry);
    }
    return true;
  }

  private ControlCommand command(JournalEntry entry) {
    ByteBuffer buffer = entry.getCommand().orElseThrow();
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return commandCodec.decode(bytes);
  }

  private static boolean due(JournalEntry entry, TrainingSession session) {
    boolean here =
        entry.getStep() == session.step() && entry.getImages() == session.progress().imagesTaken();
    return switch (entry.getKind()) {
      case LINGERED -> here && entry.getBatchSize() == session.waiting();
      case PUBLISHED, RESUMED, CONFIGURED, COMMANDED -> here;
      // The session brings these about itself.
      case SKIPPED, PAUSED -> false;
      case UNKNOWN ->
          throw new ReplayException(
              "journal: entry "
                  + entry.getSequence()
                  + " is of a kind that is newer than this program; upgrade it");
    };
  }

  /** Takes an entry that the replay wrote; what the clock said of it is forgotten. */
  void written(JournalEntry entry) {
    JournalEntry expected = next < entries.size() ? entries.get(next) : null;
    if (expected != null
        && expected.getKind() == JournalKind.CONFIGURED
        && entry.getKind() == JournalKind.CONFIGURED
        && !expected.getSettings().equals(entry.getSettings())) {
      throw new ReplayException(
          "configuration: expected the one that the model was trained with, got other values of "
              + differing(expected, entry)
              + "; give the first run's configuration");
    }
    if (!equal(expected, entry)) {
      throw new ReplayException(
          "replay: the journal says "
              + describe(expected)
              + ", but the images gave "
              + describe(entry)
              + "; were images deleted, or others written before them?");
    }
    next++;
  }

  private static boolean equal(@Nullable JournalEntry expected, JournalEntry actual) {
    if (expected == null) {
      return false;
    }
    actual.setObserved(expected.getObserved());
    return actual.equals(expected);
  }

  private static ReplayException reconfigured(JournalEntry entry, TrainingSession session) {
    return new ReplayException(
        "configuration: it changed after step "
            + entry.getStep()
            + ", when version "
            + session.progress().snapshotVersion()
            + " was the newest; a replay goes no further than that version");
  }

  private static Set<String> differing(JournalEntry expected, JournalEntry actual) {
    Set<String> names = new TreeSet<>(expected.getSettings().keySet());
    names.addAll(actual.getSettings().keySet());
    names.removeIf(name ->
        actual.getSettings().containsKey(name)
            && actual.getSettings().get(name).equals(expected.getSettings().get(name)));
    return names;
  }

  private static String describe(@Nullable JournalEntry entry) {
    return entry == null
        ? "nothing more"
        : entry.getKind() + " at step " + entry.getStep() + " after image " + entry.getImages();
  }
}
