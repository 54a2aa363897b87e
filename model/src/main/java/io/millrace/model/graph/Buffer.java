package io.millrace.model.graph;

/**
 * Floats that a pass needs for a while. Programs note when each is used; {@link Arena} then gives
 * memory to all, the same to those that are never needed at the same time. What another has left
 * there is undefined content.
 */
final class Buffer {
  private static final float[] NONE = {};

  private final int elements;
  private int first = Integer.MAX_VALUE;
  private int last = -1;
  private float[] array = NONE;

  Buffer(int elements) {
    this.elements = elements;
  }

  int elements() {
    return elements;
  }

  /** At least {@link #elements()} long; empty before the arena has placed it. */
  float[] array() {
    return array;
  }

  void place(float[] slab) {
    array = slab;
  }

  /** Notes a use in a segment of the program. */
  void use(int segment) {
    first = Math.min(first, segment);
    last = Math.max(last, segment);
  }

  /** Keeps it from the first segment to after the last, for whoever reads it between passes. */
  void pin() {
    use(0);
    use(Integer.MAX_VALUE);
  }

  boolean used() {
    return last >= 0;
  }

  boolean overlaps(Buffer other) {
    return first <= other.last && other.first <= last;
  }
}
