package io.millrace.model.spec;

import java.util.List;
import java.util.regex.Pattern;

/**
 * One layer.
 *
 * @param name letters, digits, {@code _}, {@code -} and inner dots, beginning with a letter, at
 *     most 64; names its parameters ({@code conv1.weight}), so it may not hold a slash
 * @param inputs the layers that it takes, in order; {@link NetworkSpec#INPUT} is the network's
 *     input
 */
public record NodeSpec(String name, OperationSpec operation, List<String> inputs) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]*(\\.[A-Za-z0-9_-]+)*");
  private static final int MAX_NAME = 64;

  public NodeSpec {
    // The length first: a pattern's repeated group recurses, and a long name would end the stack.
    if (name.length() > MAX_NAME || !NAME.matcher(name).matches()) {
      throw new SpecException(
          name.length() > MAX_NAME ? name.substring(0, MAX_NAME) + "..." : name,
          null,
          "expected a name of at most "
              + MAX_NAME
              + " letters, digits, '_', '-' and inner dots that begins with a letter");
    }
    if (name.equals(NetworkSpec.INPUT)) {
      throw new SpecException(
          name, null, "this name is the network's own input; choose another name");
    }
    inputs = List.copyOf(inputs);
    boolean several = takesSeveral(operation);
    if (several ? inputs.size() < 2 : inputs.size() != 1) {
      throw new SpecException(
          name,
          "inputs",
          operation.type()
              + " expected "
              + (several ? "two or more inputs" : "exactly one input")
              + ", got "
              + inputs);
    }
  }

  /** Whether an operation joins two or more inputs; every other takes exactly one. */
  public static boolean takesSeveral(OperationSpec operation) {
    return operation instanceof OperationSpec.Add || operation instanceof OperationSpec.Concat;
  }
}
