package io.millrace.app.yaml;

import io.millrace.app.yaml.Values.Mismatch;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * What a key takes.
 *
 * @param expected the text after "expected" in messages and in the printed configuration
 * @param parser turns a node into a value
 * @param text turns a value back into YAML
 */
record Kind<T>(String expected, Parser<T> parser, Function<T, String> text) {
  /** Parses a node that was found. */
  @FunctionalInterface
  interface Parser<T> {
    T parse(YamlNode node) throws Mismatch;
  }

  static Kind<String> string() {
    return new Kind<>("a text", Values::string, YamlText::scalar);
  }

  static Kind<List<String>> strings() {
    return new Kind<>("a list of texts", Values::strings, YamlText::list);
  }

  static Kind<Long> whole(long min, long max) {
    return new Kind<>(
        whole("a whole number", min, max), n -> Values.whole(n, min, max), v -> "" + v);
  }

  static Kind<Integer> integer(int min, int max) {
    return new Kind<>(
        whole("a whole number", min, max), n -> (int) Values.whole(n, min, max), v -> "" + v);
  }

  static Kind<List<Long>> wholes(long min, long max) {
    return new Kind<>(
        whole("a list of whole numbers", min, max),
        n -> Values.wholes(n, min, max),
        Object::toString);
  }

  static Kind<Pair> pair(int min, int max) {
    return new Kind<>(
        whole("a whole number or a list of two", min, max),
        n -> Values.pair(n, min, max),
        v -> "[" + v.first() + ", " + v.second() + "]");
  }

  static Kind<Double> number(Range range) {
    return new Kind<>(range.toString(), n -> Values.number(n, range), Range::text);
  }

  static Kind<List<Double>> numbers(Range range) {
    return new Kind<>(
        "a list, each item " + range,
        n -> Values.numbers(n, range),
        v -> v.stream().map(Range::text).toList().toString());
  }

  static Kind<Boolean> bool() {
    return new Kind<>("true or false", Values::bool, Object::toString);
  }

  static Kind<Duration> duration(Duration min, Duration max) {
    return new Kind<>(
        "a duration from "
            + Values.text(min)
            + " to "
            + Values.text(max)
            + ", written like 250ms, 5s, 2m, 1h or 7d",
        n -> Values.duration(n, min, max),
        Values::text);
  }

  static <E extends Enum<E>> Kind<E> choice(Class<E> type) {
    List<String> names = Arrays.stream(type.getEnumConstants()).map(Values::lowerCamel).toList();
    return new Kind<>(
        "one of " + String.join(", ", names), n -> Values.choice(n, type), Values::lowerCamel);
  }

  private static String whole(String what, long min, long max) {
    if (max == Long.MAX_VALUE || max == Integer.MAX_VALUE) {
      return min == Long.MIN_VALUE || min == Integer.MIN_VALUE
          ? what
          : what + " of at least " + min;
    }
    return what + " from " + min + " to " + max;
  }
}
