package io.millrace.model.training;

import io.millrace.model.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All that later steps depend on besides configuration and input: who writes these tensors and the
 * step into a fresh learner of the same configuration continues with the same bits.
 */
public final class TrainingState {
  /** Floats that are turned to bytes at a time while hashing. */
  private static final int CHUNK = 8192;

  private final List<StateTensor> tensors;
  private long step;

  TrainingState(List<StateTensor> tensors) {
    this.tensors = List.copyOf(tensors);
  }

  /** Parameters, then buffers, then velocities, each in the order of the layers; live arrays. */
  public List<StateTensor> tensors() {
    return tensors;
  }

  /** The live tensors that a prediction takes: parameters, then buffers, by name. */
  public Map<String, Tensor> parametersAndBuffers() {
    Map<String, Tensor> named = new LinkedHashMap<>();
    for (StateTensor tensor : tensors) {
      if (tensor.kind() != StateTensor.Kind.VELOCITY) {
        named.put(tensor.name(), tensor.tensor());
      }
    }
    return Collections.unmodifiableMap(named);
  }

  /** Steps made so far, which is the number of the next one. */
  public long step() {
    return step;
  }

  /**
   * Restores the step.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public void step(long step) {
    if (step < 0) {
      throw new IllegalArgumentException("step: expected at least 0, got " + step);
    }
    this.step = step;
  }

  /**
   * SHA-256 in hexadecimal: for each tensor {@code name shape} and a line feed in UTF-8, then its
   * elements as little-endian float32; at last the step as a little-endian 64-bit integer.
   */
  public String sha256() {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      ByteBuffer buffer = ByteBuffer.allocate(CHUNK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      for (StateTensor tensor : tensors) {
        String header = tensor.name() + " " + tensor.tensor().shape() + "\n";
        sha256.update(header.getBytes(StandardCharsets.UTF_8));
        update(sha256, tensor.tensor().data(), buffer);
      }
      sha256.update(buffer.clear().putLong(step).flip());
      return HexFormat.of().formatHex(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static void update(MessageDigest sha256, float[] data, ByteBuffer buffer) {
    for (int from = 0; from < data.length; from += CHUNK) {
      buffer.clear();
      buffer.asFloatBuffer().put(data, from, Math.min(CHUNK, data.length - from));
      buffer.limit(Math.min(CHUNK, data.length - from) * Float.BYTES);
      sha256.update(buffer);
    }
  }
}
