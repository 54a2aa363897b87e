package io.millrace.app.snapshot;

import io.millrace.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How far a tensor is from another of its name.
 *
 * @param comparable whether both are there and of one shape; the numbers are 0 if not
 * @param distance the Euclidean distance of the two
 * @param relative the distance as a share of the first one's norm; infinite where that is 0
 * @param largest the largest difference of an element
 * @param equal whether they are equal to the bit
 */
public record TensorDifference(
    String name,
    boolean comparable,
    double distance,
    double relative,
    double largest,
    boolean equal) {

  /** The tensors of two networks, in the order of the first. */
  public static List<TensorDifference> all(Map<String, Tensor> from, Map<String, Tensor> to) {
    Set<String> names = new LinkedHashSet<>(from.keySet());
    names.addAll(to.keySet());
    List<TensorDifference> differences = new ArrayList<>();
    for (String name : names) {
      Tensor before = from.get(name);
      Tensor after = to.get(name);
      differences.add(
          before == null || after == null || !before.shape().equals(after.shape())
              ? new TensorDifference(name, false, 0, 0, 0, false)
              : of(name, before.data(), after.data()));
    }
    return differences;
  }

  private static TensorDifference of(String name, float[] from, float[] to) {
    double norm = 0;
    double squares = 0;
    double largest = 0;
    boolean equal = true;
    for (int i = 0; i < from.length; i++) {
      double difference = (double) to[i] - from[i];
      norm += (double) from[i] * from[i];
      squares += difference * difference;
      largest = Math.max(largest, Math.abs(difference));
      equal &= Float.floatToRawIntBits(from[i]) == Float.floatToRawIntBits(to[i]);
    }
    double distance = Math.sqrt(squares);
    double relative = distance == 0 ? 0 : distance / Math.sqrt(norm);
    return new TensorDifference(name, true, distance, relative, largest, equal);
  }
}
