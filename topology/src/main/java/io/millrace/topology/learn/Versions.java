package io.millrace.topology.learn;

import io.millrace.model.training.TrainingState;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.learn.Output.Channel;
import io.millrace.topology.state.ControlState;
import io.millrace.topology.state.Progress;
import java.util.OptionalLong;

/**
 * The versions of a model: published, named and at last retired. The newest ones stay on the topic,
 * and older ones as long as an alias stands for them.
 */
final class Versions {

  private final SnapshotPublisher publisher;
  private final int retain;
  private final TrainingState state;
  private final Progress progress;
  private final Observer observer;
  private final Output output;

  Versions(
      LearnerConfig config,
      TrainingState state,
      Progress progress,
      Observer observer,
      Output output) {
    publisher = new SnapshotPublisher(config);
    retain = config.snapshots().retain();
    this.state = state;
    this.progress = progress;
    this.observer = observer;
    this.output = output;
  }

  /** Publishes what the newest version has become. */
  void publish(long step) {
    long newest = progress.snapshotVersion();
    publish(step, newest == 0 ? OptionalLong.empty() : OptionalLong.of(newest));
  }

  /** Publishes what was made of an older version. */
  void publish(long step, long parent) {
    publish(step, OptionalLong.of(parent));
  }

  private void publish(long step, OptionalLong parent) {
    long version = progress.snapshotVersion() + 1;
    publisher.publish(
        version, parent, state, progress, record -> output.send(Channel.SNAPSHOTS, record));
    progress.published(version, step);
    observer.published(version, step);
    long old = version - retain;
    if (old >= 1 && progress.control().hasAlias(old)) {
      progress.control().keep(old);
    } else if (old >= 1) {
      retire(old);
    }
  }

  /** Has an alias stand for a version, and lets go of the one that it stood for. */
  void setAlias(String alias, long version) {
    progress.control().setAlias(alias, version);
    retireUnnamed();
  }

  /** Takes an alias away; whether it was there. */
  boolean removeAlias(String alias) {
    boolean removed = progress.control().removeAlias(alias);
    retireUnnamed();
    return removed;
  }

  private void retireUnnamed() {
    ControlState control = progress.control();
    for (long version : control.kept()) {
      if (!control.hasAlias(version)) {
        control.retired(version);
        retire(version);
      }
    }
  }

  private void retire(long version) {
    publisher.retire(version, state, record -> output.send(Channel.SNAPSHOTS, record));
  }
}
