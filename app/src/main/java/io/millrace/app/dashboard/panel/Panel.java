package io.millrace.app.dashboard.panel;

import java.util.Optional;

/**
 * One kind of event that the page gets. Records come on the threads that read, the page asks on
 * others, so every panel is thread-safe.
 */
public interface Panel {
  /** The event's name. */
  String event();

  /** An object in JSON with all that a page needs that has just come. */
  byte[] whole();

  /** The same for pages that had all before; empty if nothing is new since the last call. */
  Optional<byte[]> change();

  /** Whether a change makes those before it needless. */
  default boolean changesAreWhole() {
    return true;
  }
}
