package io.millrace.app.learner;

import io.millrace.schemas.RecordSignatures;
import io.millrace.schemas.RecordSignatures.Signer;
import io.millrace.schemas.RecordSignatures.TrustedKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Map;
import java.util.TreeMap;

/** Ed25519 keys in PEM files. */
public final class KeyFiles {

  private static final int MAX_KEY_BYTES = 16 << 10;

  private KeyFiles() {}

  /**
   * A signer with the private key in a file.
   *
   * @throws IllegalArgumentException naming the file if it holds none
   */
  public static Signer signer(String keyId, Path file) {
    try {
      return new Signer(keyId, RecordSignatures.privateKey(text(file)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Trusted public keys by their ids.
   *
   * @throws IllegalArgumentException naming the file that cannot be used
   */
  public static TrustedKeys trustedKeys(Map<String, Path> files) {
    Map<String, PublicKey> keys = new TreeMap<>();
    files.forEach((id, file) -> {
      try {
        keys.put(id, RecordSignatures.publicKey(text(file)));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("key " + id + ": " + file + ": " + e.getMessage(), e);
      }
    });
    return new TrustedKeys(keys);
  }

  private static String text(Path file) {
    try {
      if (Files.size(file) > MAX_KEY_BYTES) {
        throw new IllegalArgumentException(
            "expected at most " + MAX_KEY_BYTES + " bytes, got " + Files.size(file));
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalArgumentException("expected a PEM file that can be read, got none", e);
    }
  }
}
