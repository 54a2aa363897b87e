package io.millrace.benchmarks.processes;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A number for each network, as an option gives it: {@code 500}, {@code resnet20=50}, or {@code
 * 500,resnet20=50}.
 *
 * @param others of networks that are not named
 */
public record PerNetwork(Map<String, Integer> named, OptionalInt others) {
  public PerNetwork {
    named = Map.copyOf(named);
  }

  /**
   * Reads it.
   *
   * @throws IllegalArgumentException telling what is wrong
   */
  public static PerNetwork parse(String text) {
    Map<String, Integer> named = new HashMap<>();
    OptionalInt others = OptionalInt.empty();
    for (String part : text.split(",", -1)) {
      int equals = part.lastIndexOf('=');
      String number = part.substring(equals + 1);
      if (!number.matches("\\d{1,9}") || equals == 0) {
        throw new IllegalArgumentException("expected N or NETWORK=N, got " + part);
      }
      int value = Integer.parseInt(number);
      if (equals < 0) {
        others = OptionalInt.of(value);
      } else {
        named.put(part.substring(0, equals), value);
      }
    }
    return new PerNetwork(named, others);
  }

  /** The number of a network; where this does not say, that of {@code defaults}, or else 0. */
  public int of(String network, PerNetwork defaults) {
    Integer value = named.get(network);
    if (value != null) {
      return value;
    }
    return others.orElseGet(() -> defaults.named.getOrDefault(network, defaults.others.orElse(0)));
  }

  /** Reads an option. */
  public static final class Converter implements ITypeConverter<PerNetwork> {
    @Override
    public PerNetwork convert(String text) {
      try {
        return parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
