package io.millrace.app;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The list of commands in {@code ./millrace --help}, by what one wants to do. */
final class CommandSections {

  private static final Map<String, List<String>> SECTIONS = sections();

  private CommandSections() {}

  private static Map<String, List<String>> sections() {
    Map<String, List<String>> sections = new LinkedHashMap<>();
    sections.put("Learn", List.of("demo", "produce", "train", "join-labels", "control", "replay"));
    sections.put("Use", List.of("serve", "predict", "consume", "promote"));
    sections.put("Look", List.of("dashboard", "tensorboard", "snapshot", "network"));
    sections.put(
        "Set up",
        List.of(
            "doctor", "config", "topics", "acls", "broker", "export-images", "completion", "help"));
    return sections;
  }

  /** Has a command line's help list its commands by sections; a new one comes under "More". */
  static void install(CommandLine commandLine) {
    commandLine.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING, _ -> "");
    commandLine
        .getHelpSectionMap()
        .put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, CommandSections::render);
  }

  private static String render(Help help) {
    Map<String, Help> left = new LinkedHashMap<>(help.subcommands());
    int width = left.keySet().stream().mapToInt(String::length).max().orElse(0);
    StringBuilder out = new StringBuilder();
    SECTIONS.forEach((section, names) -> {
      List<String> lines = new ArrayList<>();
      for (String name : names) {
        Help command = left.remove(name);
        if (command != null) {
          lines.add(line(name, command, width));
        }
      }
      append(out, section, lines);
    });
    List<String> more = new ArrayList<>();
    left.forEach((name, command) -> more.add(line(name, command, width)));
    append(out, "More", more);
    return out.toString();
  }

  private static void append(StringBuilder out, String section, List<String> lines) {
    if (!lines.isEmpty()) {
      out.append(System.lineSeparator()).append(section).append(System.lineSeparator());
      lines.forEach(line -> out.append(line).append(System.lineSeparator()));
    }
  }

  private static String line(String name, Help command, int width) {
    return "  " + name + " ".repeat(width - name.length() + 2) + summary(command);
  }

  /** The first line of its description; picocli's own command has it in the header. */
  static String summary(Help command) {
    UsageMessageSpec usage = command.commandSpec().usageMessage();
    String[] lines = usage.header().length > 0 ? usage.header() : usage.description();
    return lines.length == 0 ? "" : lines[0];
  }
}
