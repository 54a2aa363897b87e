package io.millrace.topology.state;

import io.millrace.ControlCommand;
import io.millrace.LearnerProgress;
import io.millrace.schemas.AvroCodec;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What commands have decided, and those that wait. */
public final class ControlState {

  private static final int REMEMBERED_IDS = 1000;

  private final AvroCodec<ControlCommand> codec = AvroCodec.of(ControlCommand.class);
  private final List<ControlCommand> waiting = new ArrayList<>();
  private final Deque<String> ids = new ArrayDeque<>();
  private final Map<String, Long> aliases = new TreeMap<>();
  private final SortedSet<Long> kept = new TreeSet<>();
  private OptionalDouble learningRate = OptionalDouble.empty();
  private boolean paused;
  private boolean changed;

  /** Commands that wait for their step or for a version to become visible, oldest first. */
  public List<ControlCommand> waiting() {
    return List.copyOf(waiting);
  }

  public void await(ControlCommand command) {
    waiting.add(command);
    changed = true;
  }

  public void done(ControlCommand command) {
    waiting.remove(command);
    changed = true;
  }

  /** Remembers a command's id; false if it is one of the last thousand. */
  public boolean take(String id) {
    if (ids.contains(id)) {
      return false;
    }
    ids.addLast(id);
    if (ids.size() > REMEMBERED_IDS) {
      ids.removeFirst();
    }
    changed = true;
    return true;
  }

  /** The rate in place of the schedule's; empty for the schedule's. */
  public OptionalDouble learningRate() {
    return learningRate;
  }

  public void learningRate(OptionalDouble rate) {
    learningRate = rate;
    changed = true;
  }

  /** Whether a command makes training wait. */
  public boolean paused() {
    return paused;
  }

  public void paused(boolean nowPaused) {
    paused = nowPaused;
    changed = true;
  }

  public void setAlias(String alias, long version) {
    aliases.put(alias, version);
    changed = true;
  }

  /** Takes an alias away; whether it was there. */
  public boolean removeAlias(String alias) {
    boolean removed = aliases.remove(alias) != null;
    changed |= removed;
    return removed;
  }

  public boolean hasAlias(long version) {
    return aliases.containsValue(version);
  }

  /** Versions that would have been retired, were it not for an alias. */
  public SortedSet<Long> kept() {
    return new TreeSet<>(kept);
  }

  public void keep(long version) {
    kept.add(version);
    changed = true;
  }

  public void retired(long version) {
    kept.remove(version);
    changed = true;
  }

  boolean drainChanged() {
    boolean drained = changed;
    changed = false;
    return drained;
  }

  void writeTo(LearnerProgress record) {
    record.setCommands(
        waiting.stream().map(command -> ByteBuffer.wrap(codec.encode(command))).toList());
    record.setCommandIds(List.copyOf(ids));
    record.setLearningRate(learningRate.isPresent() ? learningRate.getAsDouble() : null);
    record.setPausedByCommand(paused);
    record.setAliases(Map.copyOf(aliases));
    record.setKeptVersions(List.copyOf(kept));
  }

  void readFrom(LearnerProgress record) {
    waiting.clear();
    for (ByteBuffer buffer : record.getCommands()) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      waiting.add(codec.decode(bytes));
    }
    ids.clear();
    ids.addAll(record.getCommandIds());
    learningRate =
        record.getLearningRate().map(OptionalDouble::of).orElseGet(OptionalDouble::empty);
    paused = record.getPausedByCommand();
    aliases.clear();
    aliases.putAll(record.getAliases());
    kept.clear();
    kept.addAll(record.getKeptVersions());
  }
}
