package io.millrace.app.learner;

import io.millrace.app.yaml.Section;
import io.millrace.schemas.RecordSignatures.Signer;
import io.millrace.schemas.RecordSignatures.TrustedKeys;
import io.millrace.topology.config.SigningConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads who signs and who is obeyed; keys lie in files of their own, never in the configuration.
 */
final class SigningYaml {

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
    return Optional.of(KeyFiles.signer(keyId, folder.resolve(file)));
  }

  private static TrustedKeys trustedKeys(List<String> specs, Path folder) {
    Map<String, Path> files = new TreeMap<>();
    for (String spec : specs) {
      int equals = spec.indexOf('=');
      if (equals < 1 || equals == spec.length() - 1) {
        throw new IllegalArgumentException(
            "expected the id of a key and its file, such as ops=ops.pub.pem, got " + spec);
      }
      files.put(spec.substring(0, equals), folder.resolve(spec.substring(equals + 1)));
    }
    return KeyFiles.trustedKeys(files);
  }
}
