package io.millrace.app.yaml;

import io.millrace.app.yaml.YamlNode.YamlList;
import io.millrace.app.yaml.YamlNode.YamlScalar;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns nodes into values; each throws {@link Mismatch} for a node that is none. */
final class Values {
  /** Possessive, so that many digits with a letter behind them are not tried in every cut. */
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(\\d++(\\.\\d*+)?|\\.\\d++)([eE][-+]?\\d{1,3})?");

  private static final Pattern WHOLE = Pattern.compile("[-+]?\\d{1,19}");
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

  private Values() {}

  /** Not what was expected; the node at fault may be an item of a list. */
  static final class Mismatch extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient YamlNode node;

    Mismatch(YamlNode node) {
      super(node.describe(), null, false, false);
      this.node = node;
    }

    YamlNode node() {
      return node;
    }
  }

  static String string(YamlNode node) throws Mismatch {
    if (node instanceof YamlScalar scalar && !scalar.isNothing()) {
      return scalar.text();
    }
    throw new Mismatch(node);
  }

  static long whole(YamlNode node, long min, long max) throws Mismatch {
    String text = string(node);
    if (WHOLE.matcher(text).matches()) {
      try {
        long value = Long.parseLong(text);
        if (value >= min && value <= max) {
          return value;
        }
      } catch (NumberFormatException _) {
        throw new Mismatch(node);
      }
    }
    throw new Mismatch(node);
  }

  static double number(YamlNode node, Range range) throws Mismatch {
    String text = string(node);
    if (NUMBER.matcher(text).matches()) {
      double value = Double.parseDouble(text);
      if (range.contains(value)) {
        return value;
      }
    }
    throw new Mismatch(node);
  }

  static boolean bool(YamlNode node) throws Mismatch {
    return switch (string(node)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new Mismatch(node);
    };
  }

  static Duration duration(YamlNode node, Duration min, Duration max) throws Mismatch {
    Matcher matcher = DURATION.matcher(string(node));
    if (!matcher.matches()) {
      throw new Mismatch(node);
    }
    long amount = Long.parseLong(matcher.group(1));
    Duration value =
        switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(amount);
          case "s" -> Duration.ofSeconds(amount);
          case "m" -> Duration.ofMinutes(amount);
          case "h" -> Duration.ofHours(amount);
          default -> Duration.ofDays(amount);
        };
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw new Mismatch(node);
    }
    return value;
  }

  /** In the largest unit that holds it exactly. */
  static String text(Duration duration) {
    long ms = duration.toMillis();
    if (ms == 0) {
      return "0s";
    }
    String[] units = {"d", "h", "m", "s"};
    long[] sizes = {86_400_000, 3_600_000, 60_000, 1000};
    for (int i = 0; i < units.length; i++) {
      if (ms % sizes[i] == 0) {
        return ms / sizes[i] + units[i];
      }
    }
    return ms + "ms";
  }

  static <E extends Enum<E>> E choice(YamlNode node, Class<E> type) throws Mismatch {
    String text = string(node);
    for (E constant : type.getEnumConstants()) {
      if (lowerCamel(constant).equals(text)) {
        return constant;
      }
    }
    throw new Mismatch(node);
  }

  /** {@code SQUARED_ERROR} is written {@code squaredError}. */
  static String lowerCamel(Enum<?> constant) {
    StringBuilder text = new StringBuilder();
    for (String word : constant.name().toLowerCase(Locale.ROOT).split("_", -1)) {
      text.append(
          text.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
    }
    return text.toString();
  }

  static List<YamlNode> list(YamlNode node) throws Mismatch {
    if (node instanceof YamlList list) {
      return list.items();
    }
    throw new Mismatch(node);
  }

  static List<String> strings(YamlNode node) throws Mismatch {
    List<String> values = new ArrayList<>();
    for (YamlNode item : list(node)) {
      values.add(string(item));
    }
    return List.copyOf(values);
  }

  static List<Long> wholes(YamlNode node, long min, long max) throws Mismatch {
    List<Long> values = new ArrayList<>();
    for (YamlNode item : list(node)) {
      values.add(whole(item, min, max));
    }
    return List.copyOf(values);
  }

  static List<Double> numbers(YamlNode node, Range range) throws Mismatch {
    List<Double> values = new ArrayList<>();
    for (YamlNode item : list(node)) {
      values.add(number(item, range));
    }
    return List.copyOf(values);
  }

  static Pair pair(YamlNode node, int min, int max) throws Mismatch {
    if (node instanceof YamlScalar) {
      int both = (int) whole(node, min, max);
      return new Pair(both, both);
    }
    List<YamlNode> items = list(node);
    if (items.size() != 2) {
      throw new Mismatch(node);
    }
    return new Pair((int) whole(items.get(0), min, max), (int) whole(items.get(1), min, max));
  }
}
