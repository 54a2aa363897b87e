package io.millrace.app.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Writes what was read as YAML with comments. */
final class ConfigPrinter {
  private static final int WIDTH = 100;
  private static final String HIDDEN = "\"<hidden>\"";
  private static final Pattern SECRET =
      Pattern.compile(
          "pass(word|phrase)|secret|jaas|credential|token|private|certificate|keystore\\.key");

  private final StringBuilder out = new StringBuilder();

  private ConfigPrinter() {}

  static String print(Section root) {
    ConfigPrinter printer = new ConfigPrinter();
    printer.items(root, "");
    return printer.out.toString();
  }

  static List<ConfigEntry> settings(Section root) {
    List<ConfigEntry> settings = new ArrayList<>();
    for (ConfigItem item : root.items().values()) {
      switch (item) {
        case ConfigEntry entry -> settings.add(isSecret(entry) ? hidden(entry) : entry);
        case Section inner -> settings.addAll(settings(inner));
      }
    }
    return settings;
  }

  private static boolean isSecret(ConfigEntry entry) {
    return SECRET.matcher(entry.path().toLowerCase(Locale.ROOT)).find();
  }

  private static ConfigEntry hidden(ConfigEntry entry) {
    return new ConfigEntry(
        entry.path(),
        entry.expected(),
        entry.fallback(),
        entry.value().map(_ -> HIDDEN),
        entry.description());
  }

  private void items(Section section, String indent) {
    boolean first = true;
    for (Map.Entry<String, ConfigItem> item : section.items().entrySet()) {
      String key = YamlText.scalar(item.getKey());
      switch (item.getValue()) {
        case ConfigEntry entry -> entry(key, entry, indent);
        case Section inner -> {
          if (!first && indent.isEmpty()) {
            out.append('\n');
          }
          comment(inner.description(), indent);
          if (inner.items().isEmpty()) {
            out.append(indent).append(key).append(": {}\n");
          } else {
            out.append(indent).append(key).append(":\n");
            items(inner, indent + "  ");
          }
        }
      }
      first = false;
    }
  }

  private void entry(String key, ConfigEntry entry, String indent) {
    if (!entry.description().isEmpty()) {
      String fallback = entry.fallback().map(text -> "; default " + text).orElse("");
      comment(entry.description() + " (" + entry.expected() + fallback + ")", indent);
    }
    boolean secret = isSecret(entry);
    String value = entry.value().map(text -> secret ? HIDDEN : text).orElse("");
    out.append(indent)
        .append(entry.value().isPresent() ? "" : "# ")
        .append(key)
        .append(": ")
        .append(value);
    if (value.isEmpty()) {
      out.setLength(out.length() - 1);
    }
    out.append('\n');
  }

  private void comment(String text, String indent) {
    if (text.isEmpty()) {
      return;
    }
    StringBuilder line = new StringBuilder(indent).append('#');
    for (String word : text.split(" ", -1)) {
      if (line.length() + 1 + word.length() > WIDTH) {
        out.append(line).append('\n');
        line = new StringBuilder(indent).append('#');
      }
      line.append(' ').append(word);
    }
    out.append(line).append('\n');
  }
}
