package io.millrace.tests.fuzz;

import io.millrace.schemas.AvroCodec;
import io.millrace.schemas.InvalidRecordException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.avro.specific.SpecificRecord;

/** One type of record: bytes give a record that can be written again, or are invalid. */
final class AvroTarget<T extends SpecificRecord> implements FuzzTarget {
  private static final int MAX_BYTES = 1 << 17;

  private final T sample;
  private final AvroCodec<T> codec;
  private final List<byte[]> seeds;
  private final Mutator mutator = new Mutator(List.of(), MAX_BYTES);

  AvroTarget(Class<T> type, T sample) {
    this.sample = sample;
    this.codec = AvroCodec.of(type);
    this.seeds = List.of(codec.encode(sample));
  }

  @Override
  public String name() {
    return "avro-" + sample.getSchema().getName();
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
    return 24 << 20;
  }

  @Override
  public String allocationReason() {
    return "inputs of at most 128 KiB; at worst all of it is layers of a manifest, of which an empty"
        + " one takes 4 bytes and becomes objects of some 600 while it is read and written again";
  }

  @Override
  public byte[] input(SplittableRandom random) {
    byte[] seed =
        random.nextInt(3) == 0
            ? AvroGenerator.record(sample.getSchema(), random)
            : seeds.getFirst();
    if (random.nextInt(8) == 0) {
      return random.nextBoolean() ? mutator.change(random, seed, seeds) : seed;
    }
    // The header stays, or few inputs would get past it.
    byte[] header = Arrays.copyOf(seed, AvroCodec.HEADER_BYTES);
    byte[] body = Arrays.copyOfRange(seed, AvroCodec.HEADER_BYTES, seed.length);
    body = mutator.change(random, body, seeds);
    return Mutator.inserted(header, header.length, body);
  }

  @Override
  public Outcome run(byte[] input) {
    T record;
    try {
      record = codec.decode(input);
    } catch (InvalidRecordException e) {
      return Outcome.REJECTED;
    }
    if (codec.encode(record).length == 0) {
      throw new FaultException("a record of no bytes");
    }
    return Outcome.ACCEPTED;
  }
}
