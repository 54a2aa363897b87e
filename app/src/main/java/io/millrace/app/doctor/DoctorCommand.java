package io.millrace.app.doctor;

import io.millrace.app.access.Role;
import io.millrace.app.json.JsonLine;
import io.millrace.app.json.JsonOption;
import io.millrace.app.learner.ConfigOptions;
import io.millrace.app.process.VersionProvider;
import io.millrace.app.terminal.Style;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what stands in the way of a program, and how to mend it. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    sortOptions = false,
    description = {
      "Finds what is wrong, here or on the cluster, and the mend.",
      "Looks at this machine, the configuration, the brokers, topics, rights, clock and records that"
          + " a program needs. Writes nothing to the cluster. Exit codes: 0 nothing is broken, 1 something is."
    })
public final class DoctorCommand implements Callable<Integer> {

  /** The programs as people write them. */
  static final class Programs extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Programs() {
      super(
          Arrays.stream(Role.values()).map(role -> role.name().toLowerCase(Locale.ROOT)).toList());
    }
  }

  @Parameters(
      completionCandidates = Programs.class,
      arity = "0..1",
      paramLabel = "PROGRAM",
      defaultValue = "learner",
      description =
          "Which program is to run: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Role role = Role.LEARNER;

  @Mixin private ConfigOptions options = new ConfigOptions();

  @Option(
      names = "--dataset",
      paramLabel = "NAME|PATH",
      description = "Looks at a data set as well, such as folder:photos.")
  private @Nullable String dataset;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Looks whether a port is free, say for serve. May be repeated.")
  private List<Integer> ports = new ArrayList<>();

  @Mixin private JsonOption json = new JsonOption();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before call.
  private CommandSpec spec;

  @Override
  public Integer call() {
    Doctor doctor =
        new Doctor(
            options.examine(),
            options.source(),
            new Doctor.Options(role, Optional.ofNullable(dataset), ports),
            json.isOn() ? this::printJson : this::print);
    List<Finding> findings = doctor.examine();
    long faults = count(findings, Finding.Fault.class);
    if (!json.isOn()) {
      PrintWriter out = spec.commandLine().getOut();
      out.printf(
          "%n%d fine, %s, %s%n",
          count(findings, Finding.Fine.class),
          plural(count(findings, Finding.Warning.class), "warning"),
          plural(faults, "fault"));
      out.flush();
    }
    return faults == 0 ? 0 : 1;
  }

  private void print(Finding finding) {
    String mark =
        switch (finding) {
          case Finding.Fine _ -> Style.GREEN.of("ok");
          case Finding.Warning _ -> Style.YELLOW.of("warning");
          case Finding.Fault _ -> Style.RED.of("FAULT");
          case Finding.Unknown _ -> Style.DIM.of("-");
        };
    PrintWriter out = spec.commandLine().getOut();
    out.println(Style.pad(mark, 8) + Style.pad(finding.subject(), 14) + finding.found());
    if (!finding.mend().isEmpty()) {
      out.println(" ".repeat(22) + "mend: " + finding.mend());
    }
    out.flush();
  }

  private void printJson(Finding finding) {
    JsonLine.event("finding")
        .with("kind", finding.kind())
        .with("subject", finding.subject())
        .with("found", finding.found())
        .with("mend", finding.mend())
        .print(spec.commandLine().getOut());
  }

  private static long count(List<Finding> findings, Class<? extends Finding> kind) {
    return findings.stream().filter(kind::isInstance).count();
  }

  private static String plural(long count, String what) {
    return String.format(Locale.ROOT, "%d %s%s", count, what, count == 1 ? "" : "s");
  }
}
