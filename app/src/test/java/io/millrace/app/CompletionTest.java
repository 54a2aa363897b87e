package io.millrace.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the printed scripts do in a shell. */
class CompletionTest {

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "tra, train",
    "snapshot exp, export",
    "train --progress, --progress-seconds",
    "control roll, roll-back",
    "completion ba, bash",
    "doctor pred, predictor",
    "./millrace doc, doctor"
  })
  void bashCompletes(String words, String expected) throws Exception {
    String program = words.startsWith("./") ? "" : "millrace ";
    List<String> completions = complete(program + words);
    assertTrue(
        completions.stream().anyMatch(each -> each.strip().equalsIgnoreCase(expected)),
        () -> expected + " in " + completions);
  }

  @Test
  void bashKnowsEveryCommand() throws Exception {
    List<String> completions = complete("millrace ''").stream().map(String::strip).toList();
    for (String command : List.of("demo", "train", "serve", "snapshot", "doctor", "help")) {
      assertTrue(completions.contains(command), () -> command + " in " + completions);
    }
  }

  @Test
  void fishIsToldOfCommandsWithinCommandsAndTheirOptions() {
    String script = print("fish");
    assertTrue(
        script.contains("complete -c millrace -n '__fish_use_subcommand' -a train -d '"), script);
    assertTrue(
        script.contains(
            "-n '__fish_seen_subcommand_from snapshot; and __fish_seen_subcommand_from export'"
                + " -l raw-pixels"),
        script);
    assertTrue(script.contains("-l progress-seconds -r"), script);
  }

  /** As bash does when the tab key is pressed behind the last word. */
  private List<String> complete(String line) throws Exception {
    Path script = Files.writeString(folder.resolve("completion.bash"), print("bash"));
    // By the compspec that bash would find for the command's name.
    String bash =
        """
        source %s
        words=(%s)
        name=${words[0]##*/}
        function=$(complete -p "$name" | sed 's/.*-F \\([^ ]*\\).*/\\1/')
        COMP_WORDS=("${words[@]}")
        COMP_CWORD=$((${#words[@]} - 1))
        "$function" "$name" "${words[-1]}" "${words[-2]}"
        printf '%%s\\n' "${COMPREPLY[@]}"
        """
            .formatted(script, line.endsWith(" ") ? line + "''" : line);
    Process process =
        new ProcessBuilder("bash", "--norc", "-c", bash).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(30, TimeUnit.SECONDS), "expected bash to end");
    assertEquals(0, process.exitValue(), output);
    return output.lines().toList();
  }

  private static String print(String shell) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    assertEquals(
        0,
        Main.execute(new PrintWriter(out), new PrintWriter(err), "completion", shell),
        err::toString);
    return out.toString();
  }
}
