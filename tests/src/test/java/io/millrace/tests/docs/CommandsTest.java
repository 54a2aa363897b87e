package io.millrace.tests.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.app.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Every {@code ./millrace COMMAND --option} that a page names is one that the program takes. */
class CommandsTest {

  private static final String START = "./millrace ";

  /** Where a command ends and something else of the shell begins. */
  private static final Pattern END = Pattern.compile(" [#|&;>] ?| &&|[;)]$| \\\\$");

  private static final Pattern OPTION = Pattern.compile("(--?[a-zA-Z][a-zA-Z-]*)(=.*)?");

  /** What stands for something: {@code COMMAND}, {@code N}, {@code ...}. */
  private static final Pattern PLACEHOLDER = Pattern.compile("[A-Z|]+|\\.\\.\\.|<.*");

  @Test
  void everyCommandThatAPageNamesExists() throws IOException {
    String script = Files.readString(Page.ROOT.resolve("millrace"));
    List<String> wrong = new ArrayList<>();
    int checked = 0;
    for (Page page : Page.all()) {
      for (String command : commands(page)) {
        checked++;
        mistake(command, script).ifPresent(m -> wrong.add(page.file() + ": " + command + ": " + m));
      }
    }
    assertEquals(List.of(), wrong, "commands that do not exist");
    assertTrue(checked > 80, () -> "expected the pages' commands, got hardly any");
  }

  @Test
  void aCommandThatDoesNotExistWouldBeFound() throws IOException {
    String script = Files.readString(Page.ROOT.resolve("millrace"));
    assertEquals(Optional.of("no option --nothing"), mistake("./millrace train --nothing", script));
    assertEquals(
        Optional.of("no command nothing"), mistake("./millrace snapshot nothing 3", script));
    assertEquals(Optional.of("no command nothing"), mistake("./millrace nothing", script));
    assertEquals(Optional.of("no option --no"), mistake("./millrace test --no 3", script));
    assertEquals(
        Optional.empty(),
        mistake("./millrace snapshot export 3 --format=onnx -b broker:9092", script));
  }

  private static List<String> commands(Page page) {
    List<String> commands = new ArrayList<>();
    // A page may have its reader make an alias.
    Stream<String> code =
        page.code().stream().map(line -> line.startsWith("millrace ") ? "./" + line : line);
    Stream.concat(code, page.codeSpans().stream())
        .forEach(line -> {
          for (int at = line.indexOf(START); at >= 0; at = line.indexOf(START, at + 1)) {
            String command = line.substring(at);
            Matcher end = END.matcher(command);
            commands.add(end.find() ? command.substring(0, end.start()) : command);
          }
        });
    return commands;
  }

  private static Optional<String> mistake(String text, String script) {
    List<String> words =
        new ArrayList<>(List.of(text.strip().replaceAll("[,.:]+( |$)", " ").split(" +")));
    words.removeFirst();
    String first = words.getFirst();
    if (first.equals("test") || first.equals("bench")) {
      // The start script's own; what bench takes is in a module that these tests do not see.
      return first.equals("bench")
          ? Optional.empty()
          : words.stream()
              .filter(word -> OPTION.matcher(word).matches())
              .filter(word -> !script.contains(word + ")"))
              .findFirst()
              .map(word -> "no option " + word);
    }
    CommandLine command = new CommandLine(new Main());
    for (String word : words) {
      Matcher option = OPTION.matcher(word);
      CommandLine sub = command.getSubcommands().get(word);
      if (sub != null) {
        command = sub;
      } else if (option.matches()) {
        if (!command.getCommandSpec().optionsMap().containsKey(option.group(1))) {
          return Optional.of("no option " + option.group(1));
        }
      } else if (!command.getSubcommands().isEmpty() && !PLACEHOLDER.matcher(word).matches()) {
        return Optional.of("no command " + word);
      }
    }
    return Optional.empty();
  }
}
