package io.millrace.model.spec;

import io.millrace.model.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The shape that each layer gives for one image, without the minibatch's N. */
public final class NetworkShapes {
  private NetworkShapes() {}

  /**
   * The output shape of each layer by name, in the order of the layers, after {@link
   * NetworkSpec#INPUT} with the shape of the network's input.
   */
  public static Map<String, Shape> infer(NetworkSpec network) {
    return infer(network.input(), network.nodes());
  }

  /** The shapes that {@code node} takes, out of what {@link #infer(NetworkSpec)} gave. */
  public static List<Shape> inputsOf(NodeSpec node, Map<String, Shape> shapes) {
    List<Shape> inputs = new ArrayList<>(node.inputs().size());
    node.inputs().forEach(input -> inputs.add(lookUp(input, shapes)));
    return inputs;
  }

  /** The shape that {@code node} gives, out of what {@link #infer(NetworkSpec)} gave. */
  public static Shape outputOf(NodeSpec node, Map<String, Shape> shapes) {
    return lookUp(node.name(), shapes);
  }

  private static Shape lookUp(String name, Map<String, Shape> shapes) {
    Shape shape = shapes.get(name);
    if (shape == null) {
      throw new IllegalArgumentException("no shape of " + name + " among " + shapes.keySet());
    }
    return shape;
  }

  /**
   * Infers shapes while a network is being checked.
   *
   * @param nodes in an order where each stands after its inputs
   */
  static Map<String, Shape> infer(Shape input, List<NodeSpec> nodes) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    shapes.put(NetworkSpec.INPUT, input);
    for (NodeSpec node : nodes) {
      List<Shape> inputs = inputsOf(node, shapes);
      shapes.put(node.name(), outputShape(node, inputs));
      // Weights must fit an array too.
      NetworkParameters.of(node, inputs);
    }
    return Collections.unmodifiableMap(shapes);
  }

  private static Shape outputShape(NodeSpec node, List<Shape> inputs) {
    return switch (node.operation()) {
      case OperationSpec.Conv2d conv -> conv2d(node, conv, image(node, inputs));
      case OperationSpec.Linear linear -> {
        row(node, inputs);
        yield shape(node, linear.outFeatures());
      }
      case OperationSpec.MaxPool2d pool ->
          pool(node, image(node, inputs), pool.kernel(), pool.stride(), pool.padding());
      case OperationSpec.AveragePool2d pool ->
          pool(node, image(node, inputs), pool.kernel(), pool.stride(), pool.padding());
      case OperationSpec.GlobalAveragePool _ -> shape(node, image(node, inputs).extent(0));
      case OperationSpec.BatchNorm2d _ -> image(node, inputs);
      case OperationSpec.Relu _, OperationSpec.LeakyRelu _, OperationSpec.Dropout _ ->
          inputs.getFirst();
      case OperationSpec.Flatten _ -> shape(node, inputs.getFirst().elements());
      case OperationSpec.Add _ -> add(node, inputs);
      case OperationSpec.Concat _ -> concat(node, inputs);
    };
  }

  private static Shape conv2d(NodeSpec node, OperationSpec.Conv2d conv, Shape x) {
    if (x.extent(0) % conv.groups() != 0) {
      throw new SpecException(
          node.name(),
          "groups",
          "expected a divisor of the " + x.extent(0) + " input channels, got " + conv.groups());
    }
    Size2d window =
        new Size2d(
            conv.dilation().height() * (conv.kernel().height() - 1) + 1,
            conv.dilation().width() * (conv.kernel().width() - 1) + 1);
    Size2d output = slide(node, x, window, conv.stride(), conv.padding());
    return shape(node, conv.outChannels(), output.height(), output.width());
  }

  private static Shape pool(NodeSpec node, Shape x, Size2d kernel, Size2d stride, Size2d padding) {
    Size2d output = slide(node, x, kernel, stride, padding);
    return shape(node, x.extent(0), output.height(), output.width());
  }

  /** How many places a window takes on the padded image. */
  private static Size2d slide(
      NodeSpec node, Shape x, Size2d window, Size2d stride, Size2d padding) {
    int height = x.extent(1) + 2 * padding.height();
    int width = x.extent(2) + 2 * padding.width();
    if (window.height() > height || window.width() > width) {
      throw new SpecException(
          node.name(),
          "kernel",
          "expected a window that fits the padded input "
              + new Size2d(height, width)
              + ", got "
              + window
              + " on input "
              + batch(x));
    }
    return new Size2d(
        (height - window.height()) / stride.height() + 1,
        (width - window.width()) / stride.width() + 1);
  }

  private static Shape add(NodeSpec node, List<Shape> inputs) {
    for (Shape input : inputs) {
      if (!input.equals(inputs.getFirst())) {
        throw new SpecException(
            node.name(),
            "inputs",
            "expected equal shapes, got "
                + describe(node, inputs)
                + "; a 1x1 convolution with a stride can bring one to the other's shape");
      }
    }
    return inputs.getFirst();
  }

  private static Shape concat(NodeSpec node, List<Shape> inputs) {
    int[] extents = inputs.getFirst().toArray();
    long channels = 0;
    for (Shape input : inputs) {
      int[] rest = input.toArray();
      channels += rest[0];
      rest[0] = extents[0];
      if (!Arrays.equals(rest, extents)) {
        throw new SpecException(
            node.name(),
            "inputs",
            "expected shapes that differ in channels only, got " + describe(node, inputs));
      }
    }
    // One channel too many for an int is too many for an array: the shape says so.
    extents[0] = (int) Math.min(channels, Integer.MAX_VALUE);
    return shape(node, extents);
  }

  private static Shape image(NodeSpec node, List<Shape> inputs) {
    Shape x = inputs.getFirst();
    if (x.rank() != 3) {
      throw new SpecException(
          node.name(),
          "inputs",
          node.operation().type() + " expected [N, C, H, W], got " + describe(node, inputs));
    }
    return x;
  }

  private static void row(NodeSpec node, List<Shape> inputs) {
    if (inputs.getFirst().rank() != 1) {
      throw new SpecException(
          node.name(),
          "inputs",
          node.operation().type()
              + " expected [N, F], got "
              + describe(node, inputs)
              + "; put a flatten or globalAveragePool layer before it");
    }
  }

  /** A shape whose mistake, more elements than an array can hold, names the layer. */
  static Shape shape(NodeSpec node, int... extents) {
    try {
      return Shape.of(extents);
    } catch (IllegalArgumentException e) {
      throw new SpecException(node.name(), null, String.valueOf(e.getMessage()));
    }
  }

  private static String describe(NodeSpec node, List<Shape> inputs) {
    List<String> named = new ArrayList<>(inputs.size());
    for (int i = 0; i < inputs.size(); i++) {
      named.add(batch(inputs.get(i)) + " from " + node.inputs().get(i));
    }
    return String.join(" and ", named);
  }

  /** A shape of one image with the minibatch's N in front, as the messages of training say it. */
  private static String batch(Shape shape) {
    return "[N, " + shape.toString().substring(1);
  }
}
