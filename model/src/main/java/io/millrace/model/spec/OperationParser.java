package io.millrace.model.spec;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads operations from the text of their attributes. */
final class OperationParser {
  /** Possessive, so that many digits with a letter behind them are not tried in every cut. */
  private static final Pattern DECIMAL =
      Pattern.compile("[-+]?(\\d++(\\.\\d*+)?|\\.\\d++)([eE][-+]?\\d{1,3})?");

  private record Kind(List<String> attributes, Function<Reader, OperationSpec> parse) {}

  private static final List<String> POOL = List.of("kernel", "stride", "padding");

  private static final TreeMap<String, Kind> KINDS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry(
                  "conv2d",
                  new Kind(
                      List.of(
                          "outChannels",
                          "kernel",
                          "stride",
                          "padding",
                          "dilation",
                          "groups",
                          "bias"),
                      OperationParser::conv2d)),
              Map.entry(
                  "linear",
                  new Kind(
                      List.of("outFeatures", "bias"),
                      r ->
                          new OperationSpec.Linear(
                              r.integer("outFeatures", null), r.bool("bias", true)))),
              Map.entry("relu", new Kind(List.of(), _ -> new OperationSpec.Relu())),
              Map.entry(
                  "leakyRelu",
                  new Kind(
                      List.of("negativeSlope"),
                      r -> new OperationSpec.LeakyRelu(r.decimal("negativeSlope", 0.01f)))),
              Map.entry(
                  "maxPool2d",
                  new Kind(
                      POOL,
                      r ->
                          new OperationSpec.MaxPool2d(
                              r.size("kernel", null),
                              r.size("stride", r.size("kernel", null)),
                              r.size("padding", Size2d.square(0))))),
              Map.entry(
                  "averagePool2d",
                  new Kind(
                      POOL,
                      r ->
                          new OperationSpec.AveragePool2d(
                              r.size("kernel", null),
                              r.size("stride", r.size("kernel", null)),
                              r.size("padding", Size2d.square(0))))),
              Map.entry(
                  "globalAveragePool",
                  new Kind(List.of(), _ -> new OperationSpec.GlobalAveragePool())),
              Map.entry(
                  "batchNorm2d",
                  new Kind(
                      List.of("epsilon", "momentum"),
                      r ->
                          new OperationSpec.BatchNorm2d(
                              r.decimal("epsilon", 1e-5f), r.decimal("momentum", 0.1f)))),
              Map.entry(
                  "dropout",
                  new Kind(
                      List.of("probability"),
                      r -> new OperationSpec.Dropout(r.decimal("probability", 0.5f)))),
              Map.entry("flatten", new Kind(List.of(), _ -> new OperationSpec.Flatten())),
              Map.entry("add", new Kind(List.of(), _ -> new OperationSpec.Add())),
              Map.entry("concat", new Kind(List.of(), _ -> new OperationSpec.Concat()))));

  private OperationParser() {}

  static List<String> types() {
    return List.copyOf(KINDS.keySet());
  }

  static List<String> attributeNames(String type) {
    return kind(type).attributes();
  }

  static OperationSpec parse(String type, Map<String, String> attributes) {
    Kind kind = kind(type);
    for (String name : attributes.keySet()) {
      if (!kind.attributes().contains(name)) {
        String known =
            kind.attributes().isEmpty()
                ? "takes none"
                : "takes " + String.join(", ", kind.attributes());
        throw new SpecException(null, name, "unknown attribute; " + type + " " + known);
      }
    }
    return kind.parse().apply(new Reader(attributes));
  }

  private static Kind kind(String type) {
    Kind kind = KINDS.get(type);
    if (kind == null) {
      throw SpecException.of("type", "one of " + String.join(", ", KINDS.keySet()), type);
    }
    return kind;
  }

  private static OperationSpec conv2d(Reader r) {
    Size2d one = Size2d.square(1);
    return new OperationSpec.Conv2d(
        r.integer("outChannels", null),
        r.size("kernel", null),
        r.size("stride", one),
        r.size("padding", Size2d.square(0)),
        r.size("dilation", one),
        r.integer("groups", 1),
        r.bool("bias", true));
  }

  /** The text of one operation's attributes; a null default makes an attribute required. */
  private record Reader(Map<String, String> attributes) {
    int integer(String name, @Nullable Integer fallback) {
      return read(name, "a whole number", fallback, Integer::parseInt);
    }

    Size2d size(String name, @Nullable Size2d fallback) {
      return read(name, "a whole number or height x width such as 3x5", fallback, Size2d::parse);
    }

    boolean bool(String name, boolean fallback) {
      return read(name, "true or false", fallback, OperationParser::parseBoolean);
    }

    float decimal(String name, float fallback) {
      return read(name, "a number", fallback, OperationParser::parseDecimal);
    }

    private <T> T read(
        String name, String expected, @Nullable T fallback, Function<String, T> parse) {
      String text = attributes.get(name);
      if (text == null) {
        if (fallback == null) {
          throw new SpecException(null, name, "missing; expected " + expected);
        }
        return fallback;
      }
      try {
        return parse.apply(text);
      } catch (IllegalArgumentException _) {
        throw SpecException.of(name, expected, text);
      }
    }
  }

  private static boolean parseBoolean(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  /**
   * Stricter than {@link Float#parseFloat}, which takes {@code NaN}, {@code 1f} and hexadecimal.
   */
  private static float parseDecimal(String text) {
    if (!DECIMAL.matcher(text).matches()) {
      throw new IllegalArgumentException(text);
    }
    return Float.parseFloat(text);
  }
}
