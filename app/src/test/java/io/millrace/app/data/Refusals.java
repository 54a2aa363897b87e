package io.millrace.app.data;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.function.Executable;

/** Checks that something is refused with a message that a user can act on. */
public final class Refusals {
  private Refusals() {}

  /** Asserts that the action throws {@code type} with a message that contains every part. */
  public static void assertRefused(
      Class<? extends Exception> type, Executable action, String... parts) {
    String message = String.valueOf(assertThrows(type, action).getMessage());
    for (String part : parts) {
      assertTrue(message.contains(part), () -> "expected '" + part + "' in: " + message);
    }
  }
}
