package io.millrace.tests.fuzz;

import io.millrace.model.safetensors.SafetensorsException;
import io.millrace.model.safetensors.SafetensorsFile;
import io.millrace.model.safetensors.SafetensorsReader;
import io.millrace.model.safetensors.SafetensorsWriter;
import io.millrace.model.tensor.Shape;
import io.millrace.model.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** safetensors files: what is read once is the same when it is written and read again. */
final class SafetensorsTarget implements FuzzTarget {
  private static final int MAX_BYTES = 1 << 16;
  private static final long MAX_TENSOR_BYTES = 1 << 18;

  private final List<byte[]> seeds =
      List.of(
          write(Map.of("step", "12"), tensors()),
          write(Map.of(), Map.of()),
          file(
              "{\"h\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,4]},"
                  + "\"d\":{\"dtype\":\"F64\",\"shape\":[],\"data_offsets\":[4,12]}}",
              new byte[12]));
  private final Mutator mutator =
      new Mutator(
          Mutator.texts(
              "\"dtype\":",
              "\"shape\":",
              "\"data_offsets\":",
              "\"__metadata__\":",
              "\"F32\"",
              "\"F64\"",
              "\"F16\"",
              "\"BF16\"",
              "{",
              "}",
              "[",
              "]",
              "[]",
              "{}",
              ",",
              ":",
              "\"",
              "\\u0000",
              "\\ud800",
              "\\",
              " ",
              "-1",
              "1e9",
              "0",
              "8",
              "4294967296",
              "2147483647",
              "9223372036854775807",
              "18446744073709551616"),
          MAX_BYTES);

  private static Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("conv1.weight", new Tensor(Shape.of(2, 1, 1, 2), new float[] {1, -2, 0.5f, 4}));
    tensors.put("conv1.bias", new Tensor(Shape.of(2), new float[] {Float.NaN, 0}));
    return tensors;
  }

  private static byte[] write(Map<String, String> metadata, Map<String, Tensor> tensors) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      SafetensorsWriter.write(metadata, tensors, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static byte[] file(String header, byte[] data) {
    return file(header.getBytes(StandardCharsets.UTF_8), data);
  }

  private static byte[] file(byte[] header, byte[] data) {
    return ByteBuffer.allocate(Long.BYTES + header.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header.length)
        .put(header)
        .put(data)
        .array();
  }

  @Override
  public String name() {
    return "safetensors";
  }

  @Override
  public int weight() {
    return 40;
  }

  @Override
  public List<byte[]> seeds() {
    return seeds;
  }

  @Override
  public long maxAllocationBytes() {
    return 16 << 20;
  }

  @Override
  public String allocationReason() {
    return "inputs of at most 64 KiB, read and written twice: a tensor takes 30 bytes of header and"
        + " becomes objects of a few hundred";
  }

  /** Half of the time a changed header whose size is right, so that the parser gets far. */
  @Override
  public byte[] input(SplittableRandom random) {
    if (random.nextBoolean()) {
      return mutator.mutate(random, seeds);
    }
    byte[] seed = Mutator.pick(random, seeds);
    int headerEnd =
        Long.BYTES + (int) ByteBuffer.wrap(seed).order(ByteOrder.LITTLE_ENDIAN).getLong();
    byte[] header = Arrays.copyOfRange(seed, Long.BYTES, headerEnd);
    byte[] data = Arrays.copyOfRange(seed, headerEnd, seed.length);
    return file(mutator.change(random, header, List.of(header)), data);
  }

  @Override
  public Outcome run(byte[] input) {
    SafetensorsFile first;
    try {
      first = SafetensorsReader.read(input, MAX_TENSOR_BYTES);
    } catch (SafetensorsException e) {
      if (String.valueOf(e.getMessage()).length() < 10) {
        throw new FaultException("refused without a reason");
      }
      return Outcome.REJECTED;
    }
    byte[] written = write(first.metadata(), first.tensors());
    try {
      SafetensorsFile second = SafetensorsReader.read(written, MAX_TENSOR_BYTES);
      if (!Arrays.equals(written, write(second.metadata(), second.tensors()))) {
        throw new FaultException("another file after reading and writing it again");
      }
    } catch (SafetensorsException e) {
      throw new FaultException("what was written is refused: " + e.getMessage());
    }
    return Outcome.ACCEPTED;
  }
}
