package io.millrace.serving;

import io.millrace.schemas.RecordSignatures;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What a record says of its signature; see {@link RecordSignatures}.
 *
 * @param keyId names the key; null where the record has no such header
 * @param signature its bytes; null where the record has no such header
 */
public record SignatureHeaders(byte @Nullable [] keyId, byte @Nullable [] signature) {
  private static final SignatureHeaders NONE = new SignatureHeaders(null, null);

  /** An unsigned record's. */
  public static SignatureHeaders none() {
    return NONE;
  }

  /** A record's; of several of one name, the last counts. */
  public static SignatureHeaders of(Headers headers) {
    return new SignatureHeaders(
        value(headers, RecordSignatures.KEY_ID_HEADER),
        value(headers, RecordSignatures.SIGNATURE_HEADER));
  }

  private static byte @Nullable [] value(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null ? null : header.value();
  }
}
