package io.millrace.app.dashboard.panel;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Whether the cluster answers, and what of it cannot be read. */
public final class StatusPanel extends WholePanel {
  private Status status =
      new Status(false, System.currentTimeMillis(), Optional.empty(), List.of());

  private record Status(
      boolean connected, long sinceMs, Optional<String> error, List<String> problems) {}

  /** Not connected yet. */
  public StatusPanel() {
    super("status");
  }

  /**
   * How it is now.
   *
   * @param error why there is no connection; empty where there is one
   * @param problems what cannot be read although there is one
   */
  public synchronized void now(Optional<String> error, List<String> problems) {
    boolean connected = error.isEmpty();
    long sinceMs = connected == status.connected() ? status.sinceMs() : System.currentTimeMillis();
    Status next = new Status(connected, sinceMs, error, List.copyOf(problems));
    if (!next.equals(status)) {
      status = next;
      changed();
    }
  }

  @Override
  synchronized void write(JsonGenerator json) throws IOException {
    json.writeBooleanField("connected", status.connected());
    json.writeNumberField("since", status.sinceMs());
    JsonValues.text(json, "error", status.error());
    JsonValues.strings(json, "problems", status.problems());
  }
}
