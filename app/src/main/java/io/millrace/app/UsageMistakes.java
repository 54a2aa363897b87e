package io.millrace.app;

import io.millrace.app.yaml.Suggestions;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * One line for a wrong command line, with what was likely meant, and one that says where to look.
 */
final class UsageMistakes implements IParameterExceptionHandler {

  @Override
  public int handleParseException(ParameterException mistake, String[] arguments) {
    CommandLine command = mistake.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    PrintWriter err = command.getErr();
    err.println("millrace: " + message(mistake));
    err.println("millrace: '" + name + " --help' says how it is called");
    err.flush();
    return CommandLine.ExitCode.USAGE;
  }

  private static String message(ParameterException mistake) {
    if (mistake instanceof UnmatchedArgumentException unmatched
        && !unmatched.getUnmatched().isEmpty()) {
      return unmatched(unmatched);
    }
    // picocli begins with a capital and may go on in further lines.
    return String.valueOf(mistake.getMessage()).replaceAll("\\s*\\R\\s*", " ");
  }

  private static String unmatched(UnmatchedArgumentException mistake) {
    CommandLine command = mistake.getCommandLine();
    String argument = mistake.getUnmatched().getFirst();
    boolean option = argument.startsWith("-");
    Collection<String> commands = command.getSubcommands().keySet();
    int equals = argument.indexOf('=');
    String plain = equals > 0 ? argument.substring(0, equals) : argument;
    Optional<String> near = Suggestions.nearest(plain, option ? options(command) : commands);
    String where = command.getCommandSpec().qualifiedName();
    return (option
            ? "unknown option " + plain + " of " + where
            : commands.isEmpty()
                ? "unexpected argument " + argument + " of " + where
                : "unknown command " + argument)
        + near.map(meant -> "; did you mean " + meant + "?").orElse("");
  }

  private static List<String> options(CommandLine command) {
    List<String> names = new ArrayList<>();
    command.getCommandSpec().options().forEach(option -> names.addAll(List.of(option.names())));
    return names;
  }
}
