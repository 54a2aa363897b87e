package io.millrace.model.safetensors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.model.tensor.Shape;
import io.millrace.model.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {
  private static final long NO_LIMIT = Long.MAX_VALUE;

  private static byte[] bytes(Map<String, String> metadata, Map<String, Tensor> tensors) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      SafetensorsWriter.write(metadata, tensors, out);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return out.toByteArray();
  }

  /** A file with any header and any number of bytes behind it. */
  private static byte[] file(String header, int dataBytes) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(Long.BYTES + text.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(text.length)
        .put(text)
        .array();
  }

  private static String text(SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    String alphabet = "abc.weight_0\"\\/\n\t\u0000\u001f\u007fäß€\u2028{}[]:, ";
    for (int i = random.nextInt(20); i >= 0; i--) {
      text.append(
          random.nextInt(8) == 0 ? "😀" : "" + alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  private static Tensor tensor(SplittableRandom random) {
    int[] extents = new int[random.nextInt(5)];
    Arrays.setAll(extents, _ -> 1 + random.nextInt(9));
    Tensor tensor = Tensor.zeros(Shape.of(extents));
    for (int i = 0; i < tensor.data().length; i++) {
      tensor.data()[i] = Float.intBitsToFloat(random.nextInt());
    }
    return tensor;
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
    return bits;
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void readsBackAnyTensorsAndTextsBitForBit(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    for (int run = 0; run < 100; run++) {
      Map<String, String> metadata = new LinkedHashMap<>();
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      for (int i = random.nextInt(6); i > 0; i--) {
        metadata.put(text(random), text(random));
        tensors.put(text(random), tensor(random));
      }
      byte[] written = bytes(metadata, tensors);
      SafetensorsFile read = SafetensorsReader.read(written, NO_LIMIT);
      assertEquals(metadata, read.metadata());
      assertEquals(List.copyOf(tensors.keySet()), List.copyOf(read.tensors().keySet()));
      tensors.forEach((name, tensor) -> {
        Tensor back = read.tensor(name);
        assertEquals(tensor.shape(), back.shape());
        assertArrayEquals(bits(tensor.data()), bits(back.data()));
      });
      assertArrayEquals(written, bytes(read.metadata(), read.tensors()));
    }
  }

  @Test
  void theBytesAreThoseOfTheFormat() {
    byte[] written =
        bytes(
            Map.of("b", "2", "a", "1"),
            Map.of("w", new Tensor(Shape.of(1, 2), new float[] {1, -2})));
    String header =
        "{\"__metadata__\":{\"a\":\"1\",\"b\":\"2\"},"
            + "\"w\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]}}";
    int padded = (header.length() + 7) / 8 * 8;
    byte[] expected = file(header + " ".repeat(padded - header.length()), 8);
    ByteBuffer.wrap(expected)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putFloat(8 + padded, 1)
        .putFloat(12 + padded, -2);
    assertArrayEquals(expected, written);
  }

  @Test
  void readsLargeTensorsOutOfAFile(@TempDir Path folder) throws IOException {
    Tensor large = Tensor.zeros(Shape.of(3, 33_333));
    for (int i = 0; i < large.data().length; i++) {
      large.data()[i] = i;
    }
    Path path = folder.resolve("large.safetensors");
    try (OutputStream out = Files.newOutputStream(path)) {
      SafetensorsWriter.write(Map.of(), Map.of("large", large), out);
    }
    SafetensorsFile read = SafetensorsReader.read(path, 4 * 99_999);
    assertArrayEquals(large.data(), read.tensor("large").data());
    SafetensorsException tooMuch =
        assertThrows(
            SafetensorsException.class, () -> SafetensorsReader.read(path, 4 * 99_999 - 1));
    assertTrue(
        String.valueOf(tooMuch.getMessage())
            .startsWith(path + ": tensors: expected at most 399995 bytes"));
  }

  @Test
  void otherFloatsBecomeFloat32() throws IOException {
    byte[] bytes =
        file(
            """
            {"d": {"dtype": "F64", "shape": [2], "data_offsets": [0, 16]},
             "h": {"shape": [2], "dtype": "F16", "data_offsets": [16, 20]},
             "b": {"data_offsets": [20, 24], "dtype": "BF16", "shape": [2]}}\
            """,
            24);
    ByteBuffer.wrap(bytes, bytes.length - 24, 24)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putDouble(0.1)
        .putDouble(-1e300)
        .putShort((short) 0x3c00)
        .putShort((short) 0x8001)
        .putShort((short) 0x3f80)
        .putShort((short) 0xff80);
    SafetensorsFile tensors = SafetensorsReader.read(bytes, NO_LIMIT);
    assertArrayEquals(new float[] {0.1f, Float.NEGATIVE_INFINITY}, tensors.tensor("d").data());
    assertArrayEquals(new float[] {1, -0x1p-24f}, tensors.tensor("h").data());
    assertArrayEquals(new float[] {1, Float.NEGATIVE_INFINITY}, tensors.tensor("b").data());
  }

  @Test
  void readsTensorsInWhateverOrderTheHeaderNamesThem() throws IOException {
    byte[] bytes =
        file(
            "{\"z\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[4,8]},"
                + "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}   ",
            8);
    assertEquals(
        List.of("a", "z"), List.copyOf(SafetensorsReader.read(bytes, 8).tensors().keySet()));
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'' | header: character 0: expected '{', got the end",
        "'[]' | header: character 0: expected '{', got '[]'",
        "' {}' | header: character 0: expected '{', got ' {}'",
        "'{' | header: character 1: expected '\"', got the end",
        "'{}x' | header: character 2: expected the end, got 'x'",
        "'{}' | data: expected 0 bytes behind the header, got 8; no tensor takes the rest",
        "'{`__metadata__`:{`a`:1}}' | expected '\"', got '1}}'",
        "'{`__metadata__`:{`a`:`1`,`a`:`2`}}' | expected each key once, got a twice",
        "'{`w`:{W},`w`:{W}}' | header: expected each name once, got w twice",
        "'{`w`:{W},}' | expected '\"', got '}'",
        "'{`w`:{`dtype`:`I64`,`shape`:[1],`data_offsets`:[0,8]}}' | dtype: expected one of [F32, F64, F16, BF16], got I64",
        "'{`w`:{`dtype`:`F32`,`shape`:[3],`data_offsets`:[0,8]}}' | tensor w: data_offsets: expected 12 bytes for F32 [3], got 8",
        "'{`w`:{`dtype`:`F32`,`shape`:[0],`data_offsets`:[0,0]}}' | tensor w: shape: expected extents from 1 to 2^31 - 1, got 0",
        "'{`w`:{`dtype`:`F32`,`shape`:[65536,65536],`data_offsets`:[0,8]}}' | expected fewer than 2^31 elements",
        "'{`w`:{`dtype`:`F32`,`shape`:[-1],`data_offsets`:[0,8]}}' | expected a whole number from 0 on",
        "'{`w`:{`dtype`:`F32`,`shape`:[1e9],`data_offsets`:[0,8]}}' | expected ']', got 'e9]",
        "'{`w`:{`dtype`:`F32`,`shape`:[02],`data_offsets`:[0,8]}}' | none of them needless",
        "'{`w`:{`dtype`:`F32`,`shape`:[9999999999999999999],`data_offsets`:[0,8]}}' | at most 18 digits",
        "'{`w`:{`dtype`:`F32`,`shape`:[2],`data_offsets`:[8,0]}}' | data_offsets: expected begin and end, got [8, 0]",
        "'{`w`:{`dtype`:`F32`,`shape`:[2],`data_offsets`:[0,8,8]}}' | data_offsets: expected begin and end",
        "'{`w`:{`dtype`:`F32`,`shape`:[2]}}' | expected dtype, shape and data_offsets, got not all of them",
        "'{`w`:{`dtype`:`F32`,`dtype`:`F32`}}' | expected each key once, got dtype twice",
        "'{`w`:{`stride`:1}}' | expected dtype, shape and data_offsets alone, got stride",
        "'{`w`:{`dtype`:`F32`,`shape`:[1],`data_offsets`:[4,8]}}' | to begin at byte 0, where the one before it ends, got 4; there is a gap",
        "'{`v`:{W},`w`:{`dtype`:`F32`,`shape`:[1],`data_offsets`:[4,8]}}' | to begin at byte 8, where the one before it ends, got 4; two tensors overlap",
        "'{`v`:{W},`w`:{W}}' | two tensors overlap",
        "'{`w`:{`dtype`:`F32`,`shape`:[4],`data_offsets`:[0,16]}}' | data: expected 16 bytes behind the header, got 8; the file was cut short",
        "'{`a\\x`:{W}}' | expected an escaped character, got 'x",
        "'{`a\\u12g4`:{W}}' | expected four hexadecimal digits, got 'g4",
        "'{`a' | expected '\"', got the end",
      })
  void refusesWithTheReason(String header, String reason) {
    String text =
        header
            .substring(1, header.length() - 1)
            .replace("{W}", "{`dtype`:`F32`,`shape`:[2],`data_offsets`:[0,8]}")
            .replace('`', '"');
    SafetensorsException refused =
        assertThrows(
            SafetensorsException.class, () -> SafetensorsReader.read(file(text, 8), NO_LIMIT));
    assertTrue(
        String.valueOf(refused.getMessage()).contains(reason),
        String.valueOf(refused.getMessage()));
  }

  @Test
  void refusesAHeaderThatIsLargerThanTheFileOrNoText() {
    List<byte[]> files = new ArrayList<>();
    for (long size : new long[] {-1, Long.MIN_VALUE, 3, SafetensorsReader.MAX_HEADER_BYTES + 1L}) {
      files.add(ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN).putLong(size).array());
    }
    files.add(new byte[0]);
    files.add(new byte[7]);
    byte[] latin = file("{\"x\":{}}", 0);
    latin[10] = (byte) 0xe4;
    files.add(latin);
    for (byte[] bytes : files) {
      SafetensorsException refused =
          assertThrows(SafetensorsException.class, () -> SafetensorsReader.read(bytes, NO_LIMIT));
      assertTrue(
          String.valueOf(refused.getMessage()).contains("expected"),
          String.valueOf(refused.getMessage()));
    }
  }

  @Test
  void refusesEveryCutOfAFile() {
    byte[] whole =
        bytes(Map.of("a", "b"), Map.of("w", new Tensor(Shape.of(2), new float[] {1, 2})));
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThrows(SafetensorsException.class, () -> SafetensorsReader.read(cut, NO_LIMIT));
    }
  }

  @Test
  void refusesToWriteATensorOfTheReservedName() {
    assertThrows(
        IllegalArgumentException.class,
        () -> bytes(Map.of(), Map.of("__metadata__", Tensor.zeros(Shape.of(1)))));
  }
}
