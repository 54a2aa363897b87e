package io.millrace.benchmarks.engines;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.millrace.model.onnx.OnnxOptions;
import io.millrace.model.onnx.OnnxWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** ONNX Runtime on its CPU provider, with all graph optimizations that it has by default. */
public final class OnnxPredictor implements Predictor {
  private final OrtSession session;
  private final List<Map<String, OnnxTensor>> batches = new ArrayList<>();
  private final float[] scores;

  public OnnxPredictor(InferenceSetup setup) {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    scores = new float[setup.batchSize() * setup.network().classes()];
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(setup.threads());
      options.setInterOpNumThreads(1);
      session =
          environment.createSession(
              OnnxWriter.bytes(
                  setup.network(),
                  setup.weights(),
                  OnnxOptions.withDefaults().withBatch(setup.batchSize())),
              options);
      int[] input = setup.network().input().toArray();
      long[] shape = {setup.batchSize(), input[0], input[1], input[2]};
      for (Batch batch : setup.batches()) {
        OnnxTensor tensor = OnnxTensor.createTensor(environment, direct(batch.images()), shape);
        batches.add(Map.of(OnnxWriter.INPUT, tensor));
      }
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  private static FloatBuffer direct(float[] values) {
    return ByteBuffer.allocateDirect(values.length * Float.BYTES)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer()
        .put(values)
        .flip();
  }

  @Override
  public String engine() {
    return "ONNX Runtime";
  }

  @Override
  public float[] predict(int number) {
    try (OrtSession.Result result = session.run(batches.get(number % batches.size()))) {
      ((OnnxTensor) result.get(0)).getFloatBuffer().get(scores);
      return scores;
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    batches.forEach(batch -> batch.values().forEach(OnnxTensor::close));
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }
}
