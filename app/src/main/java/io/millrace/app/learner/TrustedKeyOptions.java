package io.millrace.app.learner;

import io.millrace.schemas.RecordSignatures.TrustedKeys;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** The option of every command that may trust signed snapshots and aliases alone. */
public final class TrustedKeyOptions {

  @Option(
      names = "--trusted-key",
      paramLabel = "ID=FILE",
      description =
          "Repeatable: a public Ed25519 key in PEM. With one, only signed snapshots and aliases"
              + " count.")
  private Map<String, Path> files = new LinkedHashMap<>();

  /** The keys; none where none was given. */
  public TrustedKeys keys() {
    return KeyFiles.trustedKeys(files);
  }
}
