package io.millrace.app.snapshot;

import io.millrace.app.json.JsonLine;
import io.millrace.app.json.JsonOption;
import io.millrace.app.learner.ConfigOptions;
import io.millrace.app.learner.TrustedKeyOptions;
import io.millrace.app.process.VersionProvider;
import io.millrace.schemas.RecordSignatures.TrustedKeys;
import io.millrace.serving.AssemblyResult;
import io.millrace.serving.Snapshot;
import io.millrace.topology.replay.PublishedVersions.Published;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code snapshot verify}: reads versions whole and says which are good. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    sortOptions = false,
    description = {
      "Reads versions whole and checks them as a subscriber does: every tensor's SHA-256 and that of"
          + " all, the manifest's checksum, the network and its fingerprint; and the signature, if"
          + " keys are given.",
      "Exit codes: 0 all good, 1 one is bad."
    })
final class VerifyCommand implements Callable<Integer> {
  private static final String GOOD = "good: ";
  private static final String BAD = "BAD: ";

  @Mixin private ConfigOptions options = new ConfigOptions();

  @Parameters(
      paramLabel = "N",
      arity = "0..1",
      description =
          "A version's number, 'newest' or an alias; without it and --all, the newest version.")
  private @Nullable String version;

  @Option(names = "--all", description = "Verifies all versions.")
  private boolean all;

  @Mixin private TrustedKeyOptions trustedKeys = new TrustedKeyOptions();

  @Mixin private JsonOption json = new JsonOption();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before call.
  private CommandSpec spec;

  @Override
  public Integer call() {
    if (all && version != null) {
      throw new ParameterException(
          spec.commandLine(), "expected a version or --all, got both: " + version);
    }
    TrustedKeys trusted = trustedKeys.keys();
    SnapshotLibrary library = SnapshotLibrary.open(options);
    Set<Long> versions =
        all
            ? library.published().versions()
            : Set.of(library.find(version == null ? SnapshotLibrary.NEWEST : version).version());
    Map<Long, AssemblyResult> results = library.assemble(versions);
    PrintWriter out = spec.commandLine().getOut();
    int bad = 0;
    for (long number : versions) {
      Published record = library.published().find(number).orElseThrow();
      String verdict = verdict(results.get(number), record, trusted);
      boolean good = verdict.startsWith(GOOD);
      bad += good ? 0 : 1;
      if (json.isOn()) {
        JsonLine.event("verified")
            .with("version", number)
            .with("good", good)
            .with("message", verdict.substring(verdict.indexOf(": ") + 2))
            .print(out);
      } else {
        out.printf("version %d: %s%n", number, verdict);
      }
    }
    if (!json.isOn()) {
      out.printf("%d good, %d bad%n", versions.size() - bad, bad);
    }
    out.flush();
    return bad == 0 ? 0 : 1;
  }

  private static String verdict(
      @Nullable AssemblyResult result, Published record, TrustedKeys trusted) {
    return switch (result) {
      case AssemblyResult.Assembled assembled ->
          trusted
              .problem(record.keyId(), record.signature(), record.value())
              .map(problem -> BAD + problem)
              .orElseGet(() -> GOOD + describe(assembled.snapshot(), trusted.required()));
      case AssemblyResult.Rejected rejected -> BAD + rejected.reason() + ": " + rejected.detail();
      case AssemblyResult.Pending _ -> BAD + "its manifest came to nothing";
      case null -> BAD + "expected its manifest, got none any more";
    };
  }

  private static String describe(Snapshot snapshot, boolean signed) {
    long bytes =
        snapshot.tensors().values().stream()
            .mapToLong(tensor -> (long) Float.BYTES * tensor.data().length)
            .sum();
    return snapshot.tensors().size()
        + " tensors, "
        + SnapshotText.count(bytes)
        + " bytes, sha256 "
        + snapshot.sha256()
        + (signed ? ", signed by a trusted key" : "");
  }
}
