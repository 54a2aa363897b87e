package io.millrace.tests.formats;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.millrace.model.onnx.OnnxWriter;
import io.millrace.model.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/** A model in ONNX Runtime. */
final class OnnxRuntime implements AutoCloseable {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final Shape input;

  OnnxRuntime(byte[] model, Shape input) throws OrtException {
    this.input = input;
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      session = environment.createSession(model, options);
    }
  }

  Set<String> outputs() {
    return session.getOutputNames();
  }

  Map<String, String> metadata() throws OrtException {
    return session.getMetadata().getCustomMetadata();
  }

  long version() throws OrtException {
    return session.getMetadata().getVersion();
  }

  /** What a model of normalized images says to {@code n} of them. */
  float[] run(float[] images, int n, String output) throws OrtException {
    FloatBuffer buffer =
        ByteBuffer.allocateDirect(images.length * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer()
            .put(images)
            .flip();
    try (OnnxTensor tensor = OnnxTensor.createTensor(environment, buffer, shape(n))) {
      return run(Map.of(OnnxWriter.INPUT, tensor), output);
    }
  }

  /** What a model of raw pixels says to {@code n} images. */
  float[] run(byte[] pixels, int n, String output) throws OrtException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(pixels.length).put(pixels).flip();
    try (OnnxTensor tensor =
        OnnxTensor.createTensor(environment, buffer, shape(n), OnnxJavaType.UINT8)) {
      return run(Map.of(OnnxWriter.PIXELS, tensor), output);
    }
  }

  private long[] shape(int n) {
    int[] extents = input.toArray();
    long[] shape = new long[extents.length + 1];
    shape[0] = n;
    Arrays.setAll(shape, i -> i == 0 ? n : extents[i - 1]);
    return shape;
  }

  private float[] run(Map<String, OnnxTensor> inputs, String output) throws OrtException {
    try (OrtSession.Result result = session.run(inputs, Set.of(output))) {
      FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] copy = new float[values.remaining()];
      values.get(copy);
      return copy;
    }
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
