package io.millrace.app.yaml;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Writes values so that {@link YamlFile} reads them back. */
final class YamlText {
  /** Conservative: neither an indicator at the start nor anything that needs care inside a list. */
  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z0-9_./\\\\$-][A-Za-z0-9_./\\\\$@+-]*(:[A-Za-z0-9_./@+-]++)*+");

  private static final Set<String> NOTHING = Set.of("null", "-", "---", "...");

  private YamlText() {}

  static String scalar(String text) {
    if (PLAIN.matcher(text).matches() && !NOTHING.contains(text)) {
      return text;
    }
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\t' -> quoted.append("\\t");
        default -> {
          if (c < 0x20 || (c >= 0x7f && c < 0xa0)) {
            quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }

  static String list(List<String> items) {
    return "[" + String.join(", ", items.stream().map(YamlText::scalar).toList()) + "]";
  }
}
