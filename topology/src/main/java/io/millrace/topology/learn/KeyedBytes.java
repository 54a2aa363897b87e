package io.millrace.topology.learn;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** A record to send; a null value is a tombstone. */
public record KeyedBytes(byte[] key, byte @Nullable [] value, Headers headers) {

  static KeyedBytes of(String key, byte @Nullable [] value) {
    return of(key, value, new RecordHeaders());
  }

  static KeyedBytes of(String key, byte @Nullable [] value, Headers headers) {
    return new KeyedBytes(key.getBytes(StandardCharsets.UTF_8), value, headers);
  }
}
