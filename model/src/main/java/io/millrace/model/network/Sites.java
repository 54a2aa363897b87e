package io.millrace.model.network;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Numbers for the places that draw random numbers. They come from names, so that adding a layer
 * does not change what another draws.
 */
final class Sites {
  private Sites() {}

  /** Where a parameter's first values come from. */
  static int initialization(String parameter) {
    return hash("initialization/" + parameter);
  }

  /** Where a dropout layer's masks come from. */
  static int dropout(String layer) {
    return hash("dropout/" + layer);
  }

  private static int hash(String name) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return ByteBuffer.wrap(sha256.digest(name.getBytes(StandardCharsets.UTF_8))).getInt();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
