package io.millrace.schemas;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TensorBytesTest {
  private static final int FLOATS = TensorBytes.CHUNK_BYTES / 4;

  @Test
  void elementsAreLittleEndian() {
    assertEquals(
        "0000803f00000080", HexFormat.of().formatHex(TensorBytes.chunk(new float[] {1, -0f}, 0)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, FLOATS - 1, FLOATS, FLOATS + 1, 2 * FLOATS, 2 * FLOATS + 1})
  void chunksPutTogetherAreTheTensor(int elements) {
    float[] values = new float[elements];
    for (int i = 0; i < elements; i++) {
      values[i] = i - 3;
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    int chunks = TensorBytes.chunks(4 * elements);
    for (int chunk = 0; chunk < chunks; chunk++) {
      all.writeBytes(TensorBytes.chunk(values, chunk));
    }
    assertEquals((elements + FLOATS - 1) / FLOATS, chunks);
    assertArrayEquals(values, TensorBytes.floats(all.toByteArray()));
    assertEquals(TensorBytes.sha256(all.toByteArray()), TensorBytes.sha256(values));
  }

  @Test
  void sha256IsThatOfTheBytes() {
    // printf '\0\0\200\77' | sha256sum
    assertEquals(
        "e00e5eb9444182f352323374ef4e08ebcb784725fdd4fd612d7730540b3e0c8c",
        TensorBytes.sha256(new float[] {1}));
  }

  @Test
  void bitsOfNotANumberAreKept() {
    float[] odd = {Float.intBitsToFloat(0x7fc12345), Float.intBitsToFloat(0xff800000)};
    float[] read = TensorBytes.floats(TensorBytes.chunk(odd, 0));
    assertEquals(0x7fc12345, Float.floatToRawIntBits(read[0]));
    assertEquals(0xff800000, Float.floatToRawIntBits(read[1]));
  }

  @Test
  void arrayIsWhatIsLeftInTheBuffer() {
    ByteBuffer buffer = ByteBuffer.wrap(new byte[] {1, 2, 3, 4}, 1, 2);
    assertArrayEquals(new byte[] {2, 3}, TensorBytes.array(buffer));
    assertEquals(1, buffer.position());
  }

  @Test
  void refusesPartsOfElementsAndChunksThatAreNotThere() {
    assertThrows(IllegalArgumentException.class, () -> TensorBytes.floats(new byte[5]));
    assertThrows(IllegalArgumentException.class, () -> TensorBytes.chunk(new float[1], 1));
    assertThrows(IllegalArgumentException.class, () -> TensorBytes.chunk(new float[1], -1));
  }
}
