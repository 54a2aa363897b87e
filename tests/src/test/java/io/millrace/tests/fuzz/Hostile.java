package io.millrace.tests.fuzz;

import java.util.List;
import java.util.SplittableRandom;

/** Texts that have been trouble to parsers: borders of numbers, deep nesting, slow patterns. */
final class Hostile {
  private static final List<String> SHORT =
      List.of(
          "",
          " ",
          "~",
          "null",
          "true",
          "0",
          "-0",
          "1",
          "-1",
          "1.5",
          ".5",
          "5.",
          "1e3",
          "1e-999",
          "1e999",
          "NaN",
          "Infinity",
          "-.inf",
          "0x10",
          "1f",
          "+1",
          "2147483647",
          "2147483648",
          "-2147483648",
          "4294967296",
          "9223372036854775807",
          "9223372036854775808",
          "1024",
          "1025",
          "1048576",
          "65536",
          "3x5",
          "0x0",
          "1024x1024",
          "999999999x999999999",
          "\u0000",
          "\ud800",
          "\u0660\u0661",
          "input",
          "../../etc",
          "a/b",
          ".",
          "..",
          "a.b",
          "%s%n",
          "${x}",
          "conv2d",
          "linear",
          "concat",
          "add",
          "flatten",
          "dropout",
          "batchNorm2d",
          "maxPool2d");

  private static final List<String> LONG =
      List.of(
          "1".repeat(60_000) + "x",
          "1".repeat(30_000) + "." + "1".repeat(30_000) + "x",
          "a" + ".b".repeat(20_000),
          "a".repeat(60_000),
          "1x".repeat(20_000),
          "\u00e9".repeat(20_000),
          "[".repeat(20_000),
          "{a: ".repeat(10_000),
          "? ".repeat(10_000),
          "- ".repeat(10_000));

  private Hostile() {}

  /** Rarely a long one: those cost time. */
  static String text(SplittableRandom random) {
    return Mutator.pick(random, random.nextInt(200) == 0 ? LONG : SHORT);
  }
}
