package io.millrace.model.tensor;

/**
 * Float32 elements in row-major order of their shape. A tensor shares its array with whoever reads
 * it: each array has one owner that writes it.
 *
 * @param shape the extents, outermost first
 * @param data exactly {@code shape.elements()} elements
 */
public record Tensor(Shape shape, float[] data) {
  public Tensor {
    if (data.length != shape.elements()) {
      throw new IllegalArgumentException(
          "tensor " + shape + ": expected " + shape.elements() + " elements, got " + data.length);
    }
  }

  /** A tensor of zeros. */
  public static Tensor zeros(Shape shape) {
    return new Tensor(shape, new float[shape.elements()]);
  }
}
