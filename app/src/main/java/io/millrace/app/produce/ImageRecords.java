package io.millrace.app.produce;

import io.millrace.ImageEncoding;
import io.millrace.ImageLabel;
import io.millrace.LabeledImage;
import io.millrace.UnlabeledImage;
import io.millrace.app.data.SourceImage;
import io.millrace.schemas.AvroCodec;
import io.millrace.schemas.Topics;
import java.nio.ByteBuffer;

/** Images of data sets as the records that are sent. */
public final class ImageRecords {

  /** What is sent of an image. */
  public enum Content {
    /** The image and its label: what a learner learns from. */
    LABELED_IMAGES(Topics.IMAGES),
    /** The image and its label, held out to judge models with. */
    HELD_OUT_IMAGES(Topics.IMAGES),
    /** The image alone. */
    UNLABELED_IMAGES(Topics.UNLABELED),
    /** The label alone. */
    LABELS(Topics.LABELS);

    private final String topic;

    Content(String topic) {
      this.topic = topic;
    }

    /** The topic that takes it by default. */
    public String topic() {
      return topic;
    }

    /**
     * The record in bytes.
     *
     * @param timeMs its event time
     */
    byte[] encode(SourceImage image, long timeMs) {
      return switch (this) {
        case LABELED_IMAGES -> IMAGES.encode(of(image, timeMs));
        case HELD_OUT_IMAGES -> {
          LabeledImage heldOut = of(image, timeMs);
          heldOut.setHeldOut(true);
          yield IMAGES.encode(heldOut);
        }
        case UNLABELED_IMAGES -> UNLABELED.encode(unlabeled(image, timeMs));
        case LABELS ->
            LABEL_CODEC.encode(
                ImageLabel.newBuilder()
                    .setId(image.id())
                    .setLabel(image.label())
                    .setEventTimeMs(timeMs)
                    .setSource("data set")
                    .build());
      };
    }
  }

  private static final AvroCodec<LabeledImage> IMAGES = AvroCodec.of(LabeledImage.class);
  private static final AvroCodec<UnlabeledImage> UNLABELED = AvroCodec.of(UnlabeledImage.class);
  private static final AvroCodec<ImageLabel> LABEL_CODEC = AvroCodec.of(ImageLabel.class);

  private ImageRecords() {}

  private static UnlabeledImage unlabeled(SourceImage image, long timeMs) {
    LabeledImage labeled = of(image, timeMs);
    return UnlabeledImage.newBuilder()
        .setId(image.id())
        .setEventTimeMs(timeMs)
        .setEncoding(labeled.getEncoding())
        .setChannels(labeled.getChannels())
        .setHeight(labeled.getHeight())
        .setWidth(labeled.getWidth())
        .setData(labeled.getData())
        .build();
  }

  /**
   * The record of an image.
   *
   * @param timeMs its event time
   */
  public static LabeledImage of(SourceImage image, long timeMs) {
    boolean raw = image.encoding() == SourceImage.Encoding.RAW;
    return LabeledImage.newBuilder()
        .setId(image.id())
        .setLabel(image.label())
        .setEventTimeMs(timeMs)
        .setEncoding(
            switch (image.encoding()) {
              case RAW -> ImageEncoding.RAW;
              case PNG -> ImageEncoding.PNG;
              case JPEG -> ImageEncoding.JPEG;
            })
        .setChannels(raw ? image.channels() : 0)
        .setHeight(raw ? image.height() : 0)
        .setWidth(raw ? image.width() : 0)
        .setData(ByteBuffer.wrap(image.data()))
        .build();
  }
}
