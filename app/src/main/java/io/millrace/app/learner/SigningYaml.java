package io.millrace.app.learner;

import io.millrace.app.yaml.Section;
import io.millrace.schemas.RecordSignatures;
import io.millrace.schemas.RecordSignatures.Signer;
import io.millrace.schemas.RecordSignatures.TrustedKeys;
import io.millrace.topology.config.SigningConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads who signs and who is obeyed; keys lie in files of their own, never in the configuration.
 */
public final class SigningYaml {

  private static final int MAX_KEY_BYTES = 16 << 10;

  private SigningYaml() {}

  static SigningConfig read(Section root, Path folder) {
    Section section = root.section("signing", "Ed25519 keys in PEM files");
    String keyId = section.string("keyId", "", "Names the signing key to those who verify");
    String file =
        section.string("keyFile", "", "Signs snapshots and aliases; empty to publish unsigned");
    List<String> trusted =
        section.strings(
            "commandKeys",
            List.of(),
            "Public keys as id=file; if any, only commands signed with one are obeyed");
    return section.build(
        () -> new SigningConfig(signer(keyId, file, folder), trustedKeys(trusted, folder)));
  }

  private static Optional<Signer> signer(String keyId, String file, Path folder) {
    if (keyId.isEmpty() && file.isEmpty()) {
      return Optional.empty();
    }
    if (keyId.isEmpty() || file.isEmpty()) {
      throw new IllegalArgumentException(
          "expected both keyId and keyFile or neither, got only "
              + (keyId.isEmpty() ? "keyFile" : "keyId"));
    }
    return Optional.of(signer(keyId, folder.resolve(file)));
  }

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
   * Trusted keys.
   *
   * @param specs each {@code id=file}
   * @param folder where relative files lie
   * @throws IllegalArgumentException naming the one that cannot be used
   */
  public static TrustedKeys trustedKeys(List<String> specs, Path folder) {
    Map<String, PublicKey> keys = new TreeMap<>();
    for (String spec : specs) {
      int equals = spec.indexOf('=');
      if (equals < 1 || equals == spec.length() - 1) {
        throw new IllegalArgumentException(
            "expected the id of a key and its file, such as ops=ops.pub.pem, got " + spec);
      }
      Path file = folder.resolve(spec.substring(equals + 1));
      try {
        keys.put(spec.substring(0, equals), RecordSignatures.publicKey(text(file)));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
      }
    }
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
