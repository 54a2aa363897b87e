package io.millrace.tests.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/**
 * Writes records of a schema with values at all borders and, now and then, with a length or an
 * index that is a lie. What it writes reaches deeper than bytes that were changed blindly.
 */
final class AvroGenerator {
  private final SplittableRandom random;
  private final int lieOneIn;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private AvroGenerator(SplittableRandom random, int lieOneIn) {
    this.random = random;
    this.lieOneIn = lieOneIn;
  }

  /** A record in single-object encoding with the right fingerprint. */
  static byte[] record(Schema schema, SplittableRandom random) {
    AvroGenerator generator = new AvroGenerator(random, random.nextBoolean() ? 1 << 20 : 40);
    generator.out.writeBytes(
        ByteBuffer.allocate(10)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put((byte) 0xC3)
            .put((byte) 1)
            .putLong(SchemaNormalization.parsingFingerprint64(schema))
            .array());
    generator.write(schema);
    return generator.out.toByteArray();
  }

  private void write(Schema schema) {
    switch (schema.getType()) {
      case RECORD -> schema.getFields().forEach(field -> write(field.schema()));
      case UNION -> {
        int index = index(schema.getTypes().size());
        number(index);
        write(schema.getTypes().get(Math.floorMod(index, schema.getTypes().size())));
      }
      case ENUM -> number(index(schema.getEnumSymbols().size()));
      case ARRAY -> blocks(schema.getElementType(), false);
      case MAP -> blocks(schema.getValueType(), true);
      case STRING -> sized(Hostile.text(random).getBytes(StandardCharsets.UTF_8));
      case BYTES -> sized(Mutator.randomBytes(random, random.nextInt(64)));
      case INT, LONG -> number(random.nextBoolean() ? random.nextInt(20) : Mutator.number(random));
      case FLOAT -> out.writeBytes(Mutator.randomBytes(random, Float.BYTES));
      case DOUBLE -> out.writeBytes(Mutator.randomBytes(random, Double.BYTES));
      case BOOLEAN -> out.write(random.nextInt(3));
      case NULL, FIXED -> {}
    }
  }

  private void blocks(Schema items, boolean keys) {
    for (int blocks = random.nextInt(3); blocks > 0; blocks--) {
      int count = 1 + random.nextInt(3);
      if (lies()) {
        number(Mutator.number(random));
      } else if (random.nextInt(8) == 0) {
        // A negative count is followed by the block's size, which readers may use to skip it.
        number(-count);
        number(lies() ? Mutator.number(random) : random.nextInt(100));
      } else {
        number(count);
      }
      for (int i = 0; i < count; i++) {
        if (keys) {
          sized(Hostile.text(random).getBytes(StandardCharsets.UTF_8));
        }
        write(items);
      }
    }
    number(0);
  }

  private void sized(byte[] bytes) {
    number(lies() ? Mutator.number(random) : bytes.length);
    out.writeBytes(bytes);
  }

  private int index(int size) {
    return lies() ? (int) Mutator.number(random) : random.nextInt(size);
  }

  private void number(long number) {
    out.writeBytes(Mutator.varint(number));
  }

  private boolean lies() {
    return random.nextInt(lieOneIn) == 0;
  }
}
