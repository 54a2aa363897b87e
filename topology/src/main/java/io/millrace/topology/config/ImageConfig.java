package io.millrace.topology.config;

import io.millrace.model.tensor.PixelNormalization;
import io.millrace.schemas.AvroCodec;
import java.util.List;

/**
 * What images are accepted and how pixels become numbers.
 *
 * @param normalization per channel mean and standard deviation of pixel / 255
 * @param classNames a name for each label, or empty
 * @param maxRecordBytes a larger record is a dead letter
 * @param maxPixels an image whose header promises more is a dead letter, before it is decoded
 */
public record ImageConfig(
    PixelNormalization normalization, List<String> classNames, int maxRecordBytes, int maxPixels) {

  public static final int DEFAULT_MAX_RECORD_BYTES = 1 << 20;

  /** The most that can be set: no larger record is ever decoded. */
  public static final int MAX_RECORD_BYTES = AvroCodec.LARGEST_RECORD_BYTES;

  public static final int DEFAULT_MAX_PIXELS = 1 << 22;

  public ImageConfig {
    classNames = List.copyOf(classNames);
    if (maxRecordBytes < 1 || maxRecordBytes > MAX_RECORD_BYTES || maxPixels < 1) {
      throw new IllegalArgumentException(
          "images: expected maxRecordBytes from 1 to "
              + MAX_RECORD_BYTES
              + " and maxPixels of at least 1, got "
              + maxRecordBytes
              + " and "
              + maxPixels);
    }
  }
}
