package io.millrace.app.data;

/**
 * One labelled image of a data set, undecoded.
 *
 * @param id names the image within its data set, such as {@code train-000123} or {@code cat/7.png}
 * @param label class index, from 0
 * @param encoding how {@code data} is to be read
 * @param channels planes of the image; for {@code PNG} and {@code JPEG} as the file's header says
 * @param height rows
 * @param width columns
 * @param data for {@code RAW} channels x height x width unsigned bytes, plane by plane and row by
 *     row; for the others the file as it is. Owned by the receiver.
 */
public record SourceImage(
    String id, int label, Encoding encoding, int channels, int height, int width, byte[] data) {

  /** How the bytes of an image are to be read. */
  public enum Encoding {
    RAW,
    PNG,
    JPEG
  }

  public SourceImage {
    if (encoding == Encoding.RAW && data.length != (long) channels * height * width) {
      throw new IllegalArgumentException(
          "image "
              + id
              + ": expected "
              + (long) channels * height * width
              + " bytes, got "
              + data.length);
    }
  }
}
