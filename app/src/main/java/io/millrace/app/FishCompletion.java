package io.millrace.app;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Completions for fish: commands, commands within commands, and the options of each. */
final class FishCompletion {

  private static final String PROGRAM = "complete -c millrace";

  private final StringBuilder out = new StringBuilder();

  private FishCompletion() {}

  static String of(CommandLine root) {
    FishCompletion completion = new FishCompletion();
    completion.out.append(PROGRAM).append(" -f\n");
    completion.command(root.getCommandSpec(), "__fish_use_subcommand");
    return completion.out.toString();
  }

  private void command(CommandSpec spec, String condition) {
    spec.subcommands()
        .forEach((name, child) -> {
          out.append(PROGRAM)
              .append(" -n ")
              .append(quote(condition))
              .append(" -a ")
              .append(name)
              .append(" -d ")
              .append(quote(first(child.getCommandSpec().usageMessage().description())))
              .append('\n');
          String seen = "__fish_seen_subcommand_from " + name;
          String inner = spec.parent() == null ? seen : condition + "; and " + seen;
          command(child.getCommandSpec(), inner);
        });
    if (spec.parent() != null) {
      spec.options().forEach(option -> option(option, condition));
    }
  }

  private void option(OptionSpec option, String condition) {
    if (option.hidden()) {
      return;
    }
    out.append(PROGRAM).append(" -n ").append(quote(condition));
    for (String name : option.names()) {
      out.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
    }
    if (option.arity().max() > 0) {
      // A value follows, which may be a file.
      out.append(" -r -F");
    }
    out.append(" -d ").append(quote(first(option.description()))).append('\n');
  }

  private static String first(String[] description) {
    return description.length == 0 ? "" : description[0];
  }

  private static String quote(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
