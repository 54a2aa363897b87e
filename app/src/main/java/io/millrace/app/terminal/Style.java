package io.millrace.app.terminal;

import java.io.Console;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Colors of a terminal, by ECMA-48's SGR codes; none where the output is piped, {@code TERM} is
 * dumb or {@code NO_COLOR} is set (no-color.org).
 */
public enum Style {
  BOLD("1"),
  DIM("2"),
  RED("31"),
  GREEN("32"),
  YELLOW("33"),
  CYAN("36");

  private static final String ESCAPE = "\u001b[";
  private static final Pattern CODE = Pattern.compile("\u001b\\[[0-9;]*m");

  private final String code;

  Style(String code) {
    this.code = code;
  }

  /** The text in this style, if standard output shows any. */
  public String of(String text) {
    return of(text, isShown(System.getenv(), isTerminal()));
  }

  String of(String text, boolean shown) {
    return shown ? ESCAPE + code + "m" + text + ESCAPE + "0m" : text;
  }

  static boolean isShown(Map<String, String> environment, boolean terminal) {
    return terminal
        && !environment.getOrDefault("TERM", "dumb").equals("dumb")
        && environment.getOrDefault("NO_COLOR", "").isEmpty();
  }

  /** Whether standard output is a terminal. */
  static boolean isTerminal() {
    return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
  }

  /** Columns that a text takes, its codes left out. */
  public static int width(String text) {
    return CODE.matcher(text).replaceAll("").length();
  }

  /** The text without what is beyond {@code columns}; its codes are kept. */
  public static String cut(String text, int columns) {
    if (width(text) <= columns) {
      return text;
    }
    StringBuilder cut = new StringBuilder();
    Matcher codes = CODE.matcher(text);
    int left = columns;
    int from = 0;
    while (codes.find()) {
      String plain = text.substring(from, codes.start());
      cut.append(plain, 0, Math.min(left, plain.length())).append(codes.group());
      left -= Math.min(left, plain.length());
      from = codes.end();
    }
    String rest = text.substring(from);
    return cut.append(rest, 0, Math.min(left, rest.length())).toString();
  }

  /** The text with spaces behind it up to {@code columns}, and one at least. */
  public static String pad(String text, int columns) {
    return text + " ".repeat(Math.max(1, columns - width(text)));
  }
}
