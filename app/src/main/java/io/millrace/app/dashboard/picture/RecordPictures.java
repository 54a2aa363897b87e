package io.millrace.app.dashboard.picture;

import io.millrace.ImageEncoding;
import io.millrace.LabeledImage;
import io.millrace.UnlabeledImage;
import io.millrace.schemas.AvroCodec;
import io.millrace.schemas.InvalidRecordException;
import io.millrace.topology.decode.PictureReader;
import io.millrace.topology.decode.PictureReader.Format;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pictures of records, of any size and channels that can be shown: dead letters are looked at, too,
 * so nothing here trusts what a record says.
 */
public final class RecordPictures {
  private static final Logger LOG = LoggerFactory.getLogger(RecordPictures.class);

  /** Pixels that a header may promise. */
  private static final int MAX_PIXELS = 4 << 20;

  /** Longest side of what is shown. */
  private static final int MAX_SIDE = 512;

  private final AvroCodec<LabeledImage> labeled = AvroCodec.of(LabeledImage.class);
  private final AvroCodec<UnlabeledImage> unlabeled = AvroCodec.of(UnlabeledImage.class);

  private record Stored(
      ImageEncoding encoding, int channels, int height, int width, ByteBuffer data) {
    /** Whether the numbers of a raw image agree with each other. */
    boolean isWholeRaw() {
      return (channels == 1 || channels == 3)
          && height >= 1
          && width >= 1
          && (long) height * width <= MAX_PIXELS
          && (long) channels * height * width == data.remaining();
    }

    byte[] bytes() {
      byte[] bytes = new byte[data.remaining()];
      data.get(data.position(), bytes);
      return bytes;
    }
  }

  /** Whether it is worth asking for a picture; decodes none. */
  public boolean looksLikeOne(byte[] value) {
    return stored(value)
        .filter(image -> image.encoding() != ImageEncoding.UNKNOWN)
        .filter(image -> image.encoding() != ImageEncoding.RAW || image.isWholeRaw())
        .isPresent();
  }

  /** The picture of a record as a PNG file; empty if it has none that can be shown. */
  public Optional<byte[]> png(byte[] value) {
    return stored(value).flatMap(this::decode).map(pixels -> pixels.atMost(MAX_SIDE).png());
  }

  private Optional<Stored> stored(byte[] value) {
    Optional<LabeledImage> image = decode(labeled, value);
    if (image.isPresent()) {
      LabeledImage of = image.get();
      return Optional.of(
          new Stored(
              of.getEncoding(), of.getChannels(), of.getHeight(), of.getWidth(), of.getData()));
    }
    return decode(unlabeled, value)
        .map(of ->
            new Stored(
                of.getEncoding(), of.getChannels(), of.getHeight(), of.getWidth(), of.getData()));
  }

  private static <T extends org.apache.avro.specific.SpecificRecord> Optional<T> decode(
      AvroCodec<T> codec, byte[] value) {
    try {
      return Optional.of(codec.decode(value));
    } catch (InvalidRecordException e) {
      return Optional.empty();
    }
  }

  private Optional<Pixels> decode(Stored image) {
    return switch (image.encoding()) {
      case RAW ->
          image.isWholeRaw()
              ? Optional.of(
                  new Pixels(image.channels(), image.height(), image.width(), image.bytes()))
              : Optional.empty();
      case PNG -> read(Format.PNG, image.bytes());
      case JPEG -> read(Format.JPEG, image.bytes());
      case UNKNOWN -> Optional.empty();
    };
  }

  private static Optional<Pixels> read(Format format, byte[] bytes) {
    try {
      return Optional.of(
          Pixels.of(PictureReader.read(format, bytes, RecordPictures::requireShowable)));
    } catch (IOException e) {
      LOG.debug("page: no picture", e);
      return Optional.empty();
    }
  }

  private static void requireShowable(int width, int height) throws IOException {
    if ((long) width * height > MAX_PIXELS) {
      throw new IOException("expected at most " + MAX_PIXELS + " pixels, got more");
    }
  }
}
