package io.millrace.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.PendingImage;
import io.millrace.SnapshotTensor;
import io.millrace.TrainingMetrics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class AvroLimitsTest {
  @Test
  void eachRecordHasTheLimitThatFitsIt() {
    requireLimit(TrainingMetrics.class, 1 << 20);
    requireLimit(SnapshotTensor.class, (256 << 10) + 4096);
    requireLimit(PendingImage.class, 16 << 20);
  }

  private static <T extends org.apache.avro.specific.SpecificRecord> void requireLimit(
      Class<T> type, int bytes) {
    InvalidRecordException e =
        assertThrows(
            InvalidRecordException.class, () -> AvroCodec.of(type).decode(new byte[bytes + 1]));
    assertEquals(DeadLetterReason.TOO_LARGE, e.reason());
    assertTrue(
        String.valueOf(e.getMessage()).endsWith("at most " + bytes + " bytes, got " + (bytes + 1)),
        e.getMessage());
  }

  // Avro reads its limits once, when it is first used, so that takes a process of its own.
  @Test
  void avroHoldsToTheLimitsThatAProgramSetsFirst() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dorg.apache.avro.limits.bytes.maxLength=1000",
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    List<String> lines = output.lines().filter(line -> line.startsWith(Program.ANSWER)).toList();
    assertEquals(2, lines.size(), output);
    assertTrue(lines.get(0).contains("String length 1048577 exceeds maximum allowed"), output);
    // What the user has set stays.
    assertTrue(lines.get(1).contains("Bytes length 1001 exceeds maximum allowed"), output);
  }

  /** Sets the limits, then decodes a record with a text and one with bytes that exceed them. */
  static final class Program {
    static final String ANSWER = "answer: ";

    private Program() {}

    public static void main(String[] arguments) {
      AvroLimits.set();
      AvroCodec<PendingImage> codec = AvroCodec.of(PendingImage.class);
      answer(codec, new PendingImage("i".repeat((1 << 20) + 1), 0, 0L, "t", 0, 0L, bytes(1)));
      answer(codec, new PendingImage("i", 0, 0L, "t", 0, 0L, bytes(1001)));
    }

    private static ByteBuffer bytes(int length) {
      return ByteBuffer.allocate(length);
    }

    private static void answer(AvroCodec<PendingImage> codec, PendingImage image) {
      try {
        codec.decode(codec.encode(image));
        System.out.println(ANSWER + "accepted");
      } catch (InvalidRecordException e) {
        System.out.println(ANSWER + e.getMessage());
      }
    }
  }
}
