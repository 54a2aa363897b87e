package io.millrace.app.dashboard.panel;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.app.http.Json;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** A panel that is told as a whole whenever something of it is new. */
abstract class WholePanel implements Panel {
  private final String event;
  private final AtomicBoolean changed = new AtomicBoolean();

  WholePanel(String event) {
    this.event = event;
  }

  @Override
  public String event() {
    return event;
  }

  /** There is something new. */
  final void changed() {
    changed.set(true);
  }

  /** Writes the fields. */
  abstract void write(JsonGenerator json) throws IOException;

  @Override
  public final byte[] whole() {
    return Json.object(this::write);
  }

  @Override
  public final Optional<byte[]> change() {
    return changed.getAndSet(false) ? Optional.of(whole()) : Optional.empty();
  }
}
