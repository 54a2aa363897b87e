package io.millrace.app.produce;

import io.millrace.ImageEncoding;
import io.millrace.LabeledImage;
import io.millrace.app.data.SourceImage;
import java.nio.ByteBuffer;

/** Images of data sets as the records that are sent. */
public final class ImageRecords {

  private ImageRecords() {}

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
