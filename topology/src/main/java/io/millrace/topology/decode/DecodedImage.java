package io.millrace.topology.decode;

/**
 * A labeled image that fits the network.
 *
 * @param pixels unsigned bytes in [channel][height][width] order
 * @param eventTimeMs when the image came to be, as its record says, or else its Kafka timestamp
 */
public record DecodedImage(
    String id, int label, byte[] pixels, long eventTimeMs, String topic, int partition, long offset)
    implements Received {

  /**
   * An accepted image and where it came from.
   *
   * @param timestamp of the record, for an image that tells no time of its own
   */
  public static DecodedImage of(
      Decoded.Accepted image, long timestamp, String topic, int partition, long offset) {
    return new DecodedImage(
        image.id(),
        image.label(),
        image.pixels(),
        image.eventTimeMs() >= 0 ? image.eventTimeMs() : timestamp,
        topic,
        partition,
        offset);
  }
}
