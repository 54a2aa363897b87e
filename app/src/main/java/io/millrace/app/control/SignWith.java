package io.millrace.app.control;

import io.millrace.app.learner.KeyFiles;
import io.millrace.schemas.RecordSignatures.Signer;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option of commands that sign what they send. */
public final class SignWith {

  @Option(
      names = "--sign-with",
      paramLabel = "ID=FILE",
      description = "Signs with the Ed25519 private key in a PEM file, under this key id.")
  private @Nullable String spec;

  /** The signer, if one was given. */
  public Optional<Signer> signer() {
    if (spec == null) {
      return Optional.empty();
    }
    int equals = spec.indexOf('=');
    if (equals < 1 || equals == spec.length() - 1) {
      throw new IllegalArgumentException(
          "--sign-with: expected the id of a key and its file, such as ops=ops.pem, got " + spec);
    }
    return Optional.of(
        KeyFiles.signer(spec.substring(0, equals), Path.of(spec.substring(equals + 1))));
  }
}
