package io.millrace.tests.fuzz;

import io.millrace.ImageEncoding;
import io.millrace.LabeledImage;
import io.millrace.model.spec.LossSpec;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.spec.NodeSpec;
import io.millrace.model.spec.OperationSpec;
import io.millrace.model.tensor.PixelNormalization;
import io.millrace.model.tensor.Shape;
import io.millrace.schemas.AvroCodec;
import io.millrace.topology.config.ImageConfig;
import io.millrace.topology.decode.Decoded;
import io.millrace.topology.decode.ImageDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Records of images, RAW, PNG and JPEG, through the learner's decoder. After each input the decoder
 * gets a good record and must give the same pixels as ever: no input may spoil the ones behind it.
 */
final class PictureTarget implements FuzzTarget {
  private static final int CLASSES = 10;

  /** A header of Kafka's dead letter holds the reason; it must not make the letter too large. */
  private static final int MAX_REASON_BYTES = 4096;

  private final String name;
  private final int weight;
  private final int maxBytes;
  private final long maxAllocationBytes;
  private final Shape input;
  private final ImageDecoder decoder;
  private final AvroCodec<LabeledImage> codec = AvroCodec.of(LabeledImage.class);
  private final Mutator mutator;
  private final PngMutator pngMutator;
  private final JpegMutator jpegMutator;
  private final List<byte[]> pngs;
  private final List<byte[]> jpegs;
  private final List<byte[]> seeds = new ArrayList<>();
  private final List<byte[]> pixels = new ArrayList<>();
  private int next;

  PictureTarget(String name, int weight, int channels, int side, int maxBytes, long maxAllocation) {
    this.name = name;
    this.weight = weight;
    this.maxBytes = maxBytes;
    this.maxAllocationBytes = maxAllocation;
    this.input = Shape.of(channels, side, side);
    this.decoder =
        new ImageDecoder(
            network(input),
            new ImageConfig(
                PixelNormalization.of(new float[channels], ones(channels)),
                List.of(),
                ImageConfig.DEFAULT_MAX_RECORD_BYTES,
                ImageConfig.DEFAULT_MAX_PIXELS));
    this.mutator = new Mutator(Mutator.texts("IDAT", "PLTE", "tRNS", "IEND"), maxBytes);
    this.pngMutator = new PngMutator(mutator);
    this.jpegMutator = new JpegMutator(mutator, maxBytes);
    PictureSeeds pictures = new PictureSeeds(channels, side);
    this.pngs = pictures.pngs();
    this.jpegs = pictures.jpegs();
    byte[] raw = new byte[input.elements()];
    new SplittableRandom(side).nextBytes(raw);
    seeds.add(record(ImageEncoding.RAW, raw));
    pngs.forEach(png -> seeds.add(record(ImageEncoding.PNG, png)));
    jpegs.forEach(jpeg -> seeds.add(record(ImageEncoding.JPEG, jpeg)));
    for (byte[] seed : seeds) {
      if (!(decoder.decode(seed) instanceof Decoded.Accepted accepted)) {
        throw new IllegalStateException(name + ": a seed is refused: " + decoder.decode(seed));
      }
      pixels.add(accepted.pixels());
    }
  }

  private static NetworkSpec network(Shape input) {
    return new NetworkSpec(
        "fuzz",
        input,
        List.of(
            new NodeSpec("flat", new OperationSpec.Flatten(), List.of(NetworkSpec.INPUT)),
            new NodeSpec("out", new OperationSpec.Linear(CLASSES, true), List.of("flat"))),
        LossSpec.SOFTMAX_CROSS_ENTROPY);
  }

  private static float[] ones(int channels) {
    float[] ones = new float[channels];
    Arrays.fill(ones, 1);
    return ones;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int weight() {
    return weight;
  }

  @Override
  public List<byte[]> seeds() {
    return seeds;
  }

  @Override
  public long maxAllocationBytes() {
    return maxAllocationBytes;
  }

  @Override
  public String allocationReason() {
    return "pictures of "
        + input
        + " at 8 bytes a sample and once more as pixels; four copies of an input of at most "
        + maxBytes
        + " bytes; a warning of the JDK's reader for every two bytes that a torn JPEG segment lacks,"
        + " some 30 MiB in all";
  }

  @Override
  public byte[] input(SplittableRandom random) {
    return switch (random.nextInt(8)) {
      case 0 -> mutator.mutate(random, seeds);
      case 1, 2, 3 -> {
        byte[] png = Mutator.pick(random, pngs);
        boolean blind = random.nextInt(5) == 0;
        yield record(
            ImageEncoding.PNG,
            limited(blind ? mutator.change(random, png, pngs) : pngMutator.mutate(random, png)));
      }
      case 4, 5, 6 -> {
        byte[] jpeg = Mutator.pick(random, jpegs);
        boolean blind = random.nextInt(3) == 0;
        yield record(
            ImageEncoding.JPEG,
            limited(
                blind ? mutator.change(random, jpeg, jpegs) : jpegMutator.mutate(random, jpeg)));
      }
      default -> raw(random);
    };
  }

  private byte[] raw(SplittableRandom random) {
    LabeledImage image = codec.decode(seeds.getFirst());
    int border = (int) Mutator.number(random);
    switch (random.nextInt(5)) {
      case 0 -> image.setWidth(border);
      case 1 -> image.setHeight(border);
      case 2 -> image.setChannels(border);
      case 3 -> image.setLabel(border);
      default -> image.setData(ByteBuffer.allocate(random.nextInt(2 * input.elements())));
    }
    return codec.encode(image);
  }

  private byte[] limited(byte[] picture) {
    return picture.length > maxBytes ? Arrays.copyOf(picture, maxBytes) : picture;
  }

  private byte[] record(ImageEncoding encoding, byte[] data) {
    LabeledImage.Builder image =
        LabeledImage.newBuilder()
            .setId("fuzz")
            .setLabel(3)
            .setEncoding(encoding)
            .setData(ByteBuffer.wrap(data));
    if (encoding == ImageEncoding.RAW) {
      image.setChannels(input.extent(0)).setHeight(input.extent(1)).setWidth(input.extent(2));
    }
    return codec.encode(image.build());
  }

  @Override
  public Outcome run(byte[] input) {
    Decoded decoded = decoder.decode(input);
    requireGoodRecord();
    return switch (decoded) {
      case Decoded.Accepted accepted -> {
        if (accepted.pixels().length != this.input.elements()
            || accepted.label() < 0
            || accepted.label() >= CLASSES) {
          throw new FaultException(
              "accepted "
                  + accepted.pixels().length
                  + " pixels with label "
                  + accepted.label()
                  + " for "
                  + this.input);
        }
        yield Outcome.ACCEPTED;
      }
      case Decoded.Rejected rejected -> {
        int bytes = rejected.message().getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > MAX_REASON_BYTES) {
          throw new FaultException("a reason of " + bytes + " bytes");
        }
        yield Outcome.REJECTED;
      }
    };
  }

  private void requireGoodRecord() {
    next = (next + 1) % seeds.size();
    if (!(decoder.decode(seeds.get(next)) instanceof Decoded.Accepted accepted)
        || !Arrays.equals(accepted.pixels(), pixels.get(next))) {
      throw new FaultException("good record " + next + " behind the input is lost");
    }
  }
}
