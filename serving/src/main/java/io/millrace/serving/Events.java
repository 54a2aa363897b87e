package io.millrace.serving;

import io.millrace.serving.AssemblyResult.Rejected;
import java.util.Optional;
import java.util.OptionalLong;

/** What the thread that reads has to tell. */
interface Events {
  /** Reading has begun; the cluster lets this program in. */
  void connected();

  void snapshot(Snapshot snapshot);

  void rejected(Rejected rejected, String topic, long offset);

  void alias(String alias, OptionalLong version);

  void unavailable(ModelSelection selection, String reason);

  /** What was handed on last. */
  Optional<Snapshot> current();

  /** The first snapshot of this connection was found. */
  void coldStart(ColdStart coldStart);
}
