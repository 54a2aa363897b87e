package io.millrace.model.tensor;

import java.util.Arrays;
import java.util.Objects;

/** The extent of each dimension of a tensor, outermost first; every extent is at least 1. */
public final class Shape {
  private final int[] extents;

  private Shape(int[] extents) {
    this.extents = extents;
  }

  /**
   * A shape of the given extents; none at all is the shape of a scalar.
   *
   * @throws IllegalArgumentException if an extent is below 1 or the elements exceed what one array
   *     can hold
   */
  public static Shape of(int... extents) {
    long elements = 1;
    for (int extent : extents) {
      if (extent < 1) {
        throw new IllegalArgumentException(
            "shape " + Arrays.toString(extents) + ": expected every extent to be at least 1");
      }
      elements *= extent;
      if (elements > Integer.MAX_VALUE - 64) {
        throw new IllegalArgumentException(
            "shape "
                + Arrays.toString(extents)
                + ": expected fewer than 2^31 elements, which is what one array can hold");
      }
    }
    return new Shape(extents.clone());
  }

  public int rank() {
    return extents.length;
  }

  /** The extent of dimension {@code dimension}, counted from 0 at the outermost. */
  public int extent(int dimension) {
    return extents[Objects.checkIndex(dimension, extents.length)];
  }

  /** The number of elements: the product of the extents. */
  public int elements() {
    int elements = 1;
    for (int extent : extents) {
      elements *= extent;
    }
    return elements;
  }

  public int[] toArray() {
    return extents.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(extents, shape.extents);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(extents);
  }

  /** For example {@code [32, 1, 28, 28]}. */
  @Override
  public String toString() {
    return Arrays.toString(extents);
  }
}
