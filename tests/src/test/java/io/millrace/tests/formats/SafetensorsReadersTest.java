package io.millrace.tests.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.util.passthrough.PassthroughNDArray;
import ai.djl.util.passthrough.PassthroughNDManager;
import io.millrace.app.network.NetworkFiles;
import io.millrace.model.safetensors.SafetensorsWriter;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A reader that is not ours, that of Deep Java Library, finds the weights that were written. */
class SafetensorsReadersTest {
  @ParameterizedTest
  @ValueSource(strings = {"lenet5", "small-cnn", "resnet20"})
  void anotherReaderFindsTheSameTensors(String name) throws IOException {
    NetworkSpec network = NetworkFiles.load(name, Path.of("."));
    TrainedNetwork trained = TrainedNetwork.train(network, 2);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SafetensorsWriter.write(Map.of("step", "2", "name", "äö\"\\"), trained.tensors(), out);

    NDList read = NDList.decode(PassthroughNDManager.INSTANCE, out.toByteArray());
    assertEquals(trained.tensors().size(), read.size());
    for (NDArray array : read) {
      Tensor tensor = trained.tensors().get(array.getName());
      assertInstanceOf(Tensor.class, tensor, array.getName());
      assertArrayEquals(
          Arrays.stream(tensor.shape().toArray()).asLongStream().toArray(),
          array.getShape().getShape());
      assertInstanceOf(PassthroughNDArray.class, array);
      float[] values = new float[tensor.data().length];
      array.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
      assertArrayEquals(tensor.data(), values, array.getName());
    }
  }
}
