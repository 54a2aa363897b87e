package io.millrace.topology.learn;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A record to send; a null value is a tombstone. */
record KeyedBytes(byte[] key, byte @Nullable [] value) {

  static KeyedBytes of(String key, byte @Nullable [] value) {
    return new KeyedBytes(key.getBytes(StandardCharsets.UTF_8), value);
  }
}
