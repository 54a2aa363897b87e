package io.millrace.topology.decode;

/**
 * A labeled image that fits the network.
 *
 * @param pixels unsigned bytes in [channel][height][width] order
 * @param eventTimeMs when the image came to be, as its record says, or else its Kafka timestamp
 */
public record DecodedImage(
    String id,
    int label,
    byte[] pixels,
    long eventTimeMs,
    String topic,
    int partition,
    long offset) {}
