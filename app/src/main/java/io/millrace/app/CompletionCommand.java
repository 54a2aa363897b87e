package io.millrace.app;

import io.millrace.app.process.VersionProvider;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what a shell needs to complete commands and options. */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    sortOptions = false,
    description = {
      "Prints a script that completes commands and options.",
      "bash and zsh: source <(./millrace completion bash), say in ~/.bashrc or ~/.zshrc."
          + " fish: ./millrace completion fish > ~/.config/fish/completions/millrace.fish"
    })
final class CompletionCommand implements Callable<Integer> {

  /** Shells that can be told. */
  enum Shell {
    BASH,
    ZSH,
    FISH
  }

  /** As people write them. */
  static final class Names extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Names() {
      super(List.of("bash", "zsh", "fish"));
    }
  }

  @Parameters(
      paramLabel = "SHELL",
      completionCandidates = Names.class,
      description = "${COMPLETION-CANDIDATES}.")
  @SuppressWarnings("NullAway.Init") // picocli sets it before call.
  private Shell shell;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before call.
  private CommandSpec spec;

  @Override
  public Integer call() {
    CommandLine root = spec.root().commandLine();
    PrintWriter out = spec.commandLine().getOut();
    out.print(
        switch (shell) {
          case BASH -> bash(root);
          // zsh reads bash's through a module of its own.
          case ZSH ->
              "autoload -U +X compinit && compinit\nautoload -U +X bashcompinit"
                  + " && bashcompinit\n"
                  + bash(root);
          case FISH -> FishCompletion.of(root);
        });
    out.flush();
    return 0;
  }

  private static String bash(CommandLine root) {
    return AutoComplete.bash(root.getCommandName().toLowerCase(Locale.ROOT), root);
  }
}
