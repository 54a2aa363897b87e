package io.millrace.model.kernel;

/** The two inner loops of the scalar twin; they run across outputs, so C2 may vectorise them. */
final class ScalarRows {
  private ScalarRows() {}

  /** c[j] = a * b[j] + c[j], fused. */
  static void multiplyAdd(float a, float[] b, int bFrom, float[] c, int cFrom, int count) {
    for (int j = 0; j < count; j++) {
      c[cFrom + j] = Math.fma(a, b[bFrom + j], c[cFrom + j]);
    }
  }

  /** c[j] = a[j] * b[j] + c[j], fused. */
  static void multiplyAddEach(
      float[] a, int aFrom, float[] b, int bFrom, float[] c, int cFrom, int count) {
    for (int j = 0; j < count; j++) {
      c[cFrom + j] = Math.fma(a[aFrom + j], b[bFrom + j], c[cFrom + j]);
    }
  }
}
