package io.millrace.app.network;

import io.millrace.model.spec.NetworkFlops;
import io.millrace.model.spec.NetworkParameters;
import io.millrace.model.spec.NetworkShapes;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.spec.NodeSpec;
import io.millrace.model.spec.ParameterSpec;
import io.millrace.model.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A network as a text table: per layer its inputs, output shape of one image, trained parameters
 * and FLOPs of one image's forward pass as {@link NetworkFlops} counts them.
 */
public final class NetworkTable {
  private static final int WIDTH = 100;
  private static final String GAP = "  ";
  private static final String TOTAL = "total";
  private static final int NAME = 0;
  private static final int INPUTS = 2;

  /** The columns from here on are numbers, set to the right. */
  private static final int FIRST_NUMBER = 4;

  private NetworkTable() {}

  /** The table with its totals, lines of at most 100 columns, each ended by a line feed. */
  public static String of(NetworkSpec network) {
    Map<String, Shape> shapes = NetworkShapes.infer(network);
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("layer", "type", "inputs", "output", "params", "FLOPs"));
    long trained = 0;
    long kept = 0;
    for (NodeSpec node : network.nodes()) {
      long parameters = 0;
      for (ParameterSpec p : NetworkParameters.of(node, NetworkShapes.inputsOf(node, shapes))) {
        if (p.role().trained()) {
          parameters += p.shape().elements();
        } else {
          kept += p.shape().elements();
        }
      }
      trained += parameters;
      rows.addAll(layer(node, shapes, parameters));
    }
    long flops = NetworkFlops.forward(network);
    rows.add(List.of(TOTAL, "", "", "", grouped(trained), grouped(flops)));

    StringBuilder out = new StringBuilder();
    out.append(network.name());
    out.append(": input ").append(network.input());
    out.append(", loss ").append(network.loss().text()).append("\n\n");
    append(out, rows);
    out.append('\n').append(summary(trained, kept, flops)).append('\n');
    return out.toString();
  }

  /** One row, and one more for each further input. */
  private static List<List<String>> layer(
      NodeSpec node, Map<String, Shape> shapes, long parameters) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            node.name(),
            node.operation().type(),
            node.inputs().getFirst(),
            NetworkShapes.outputOf(node, shapes).toString(),
            grouped(parameters),
            grouped(NetworkFlops.forward(node, shapes))));
    for (String input : node.inputs().subList(1, node.inputs().size())) {
      rows.add(List.of("", "", input, "", "", ""));
    }
    return rows;
  }

  /** A rule under the heading and one above the last row where that is the totals'. */
  static void append(StringBuilder out, List<List<String>> rows) {
    int[] widths = widths(rows);
    String rule = "-".repeat(sum(widths) + GAP.length() * (widths.length - 1)) + "\n";
    for (int i = 0; i < rows.size(); i++) {
      if (i == 1 || rows.get(i).getFirst().equals(TOTAL)) {
        out.append(rule);
      }
      StringBuilder line = new StringBuilder();
      boolean numbers = widths.length > FIRST_NUMBER + 1;
      for (int column = 0; column < widths.length; column++) {
        String cell = fit(rows.get(i).get(column), widths[column]);
        String padding = " ".repeat(widths[column] - cell.length());
        line.append(column == 0 ? "" : GAP)
            .append(numbers && column >= FIRST_NUMBER ? padding + cell : cell + padding);
      }
      out.append(line.toString().stripTrailing()).append('\n');
    }
  }

  /** As wide as the widest cell; names give way where the table would be too wide. */
  private static int[] widths(List<List<String>> rows) {
    int[] widths = new int[rows.getFirst().size()];
    for (List<String> row : rows) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    int excess = sum(widths) + GAP.length() * (widths.length - 1) - WIDTH;
    while (excess > 0) {
      widths[widths[NAME] >= widths[INPUTS] ? NAME : INPUTS]--;
      excess--;
    }
    return widths;
  }

  /** The end of a name tells layers apart, so the beginning goes. */
  private static String fit(String cell, int width) {
    return cell.length() <= width ? cell : ".." + cell.substring(cell.length() - width + 2);
  }

  private static int sum(int[] widths) {
    int sum = 0;
    for (int width : widths) {
      sum += width;
    }
    return sum;
  }

  private static String summary(long trained, long kept, long flops) {
    return String.format(
        Locale.ROOT,
        "%,d parameters (%s as float32)%s\n%s per image and forward pass",
        trained,
        bytes(4 * trained),
        kept == 0 ? "" : String.format(Locale.ROOT, " and %,d running statistics", kept),
        flops(flops));
  }

  static String bytes(long bytes) {
    return bytes < 1 << 20
        ? String.format(Locale.ROOT, "%.1f KiB", bytes / 1024.0)
        : String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0);
  }

  private static String flops(long flops) {
    return flops < 1_000_000
        ? String.format(Locale.ROOT, "%.1f kFLOP", flops / 1e3)
        : String.format(Locale.ROOT, "%.1f MFLOP", flops / 1e6);
  }

  private static String grouped(long number) {
    return number == 0 ? "-" : String.format(Locale.ROOT, "%,d", number);
  }
}
