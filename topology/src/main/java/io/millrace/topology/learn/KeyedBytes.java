package io.millrace.topology.learn;

import io.millrace.schemas.RecordSignatures;
import io.millrace.schemas.RecordSignatures.Signer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** A record to send; a null value is a tombstone. */
public record KeyedBytes(byte[] key, byte @Nullable [] value, Headers headers) {

  static KeyedBytes of(String key, byte @Nullable [] value) {
    return of(key, value, new RecordHeaders());
  }

  /** A record with its signature, where there is someone to sign. */
  static KeyedBytes signed(String key, byte[] value, Optional<Signer> signer) {
    Headers headers = new RecordHeaders();
    if (signer.isPresent()) {
      byte[] keyId = signer.get().keyId().getBytes(StandardCharsets.UTF_8);
      headers.add(RecordSignatures.KEY_ID_HEADER, keyId);
      headers.add(RecordSignatures.SIGNATURE_HEADER, signer.get().sign(value));
    }
    return of(key, value, headers);
  }

  static KeyedBytes of(String key, byte @Nullable [] value, Headers headers) {
    return new KeyedBytes(key.getBytes(StandardCharsets.UTF_8), value, headers);
  }
}
