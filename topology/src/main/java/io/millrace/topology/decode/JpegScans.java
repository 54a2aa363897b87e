package io.millrace.topology.decode;

import java.io.IOException;

/**
 * The scans of a JPEG file. Each goes over the whole picture, however short it is: a progressive
 * file of a megabyte could ask for fifty thousand passes. Encoders write about ten.
 */
final class JpegScans {

  static final int MAX_SCANS = 100;

  private static final int START_OF_SCAN = 0xda;

  private JpegScans() {}

  /** Throws if the file has too many scans. */
  static void requireFew(byte[] jpeg) throws IOException {
    int scans = 0;
    // A marker inside of a segment counts too: thumbnails have few, and no decoder need be trusted
    // to find the same segments as this loop.
    for (int at = 0; at + 1 < jpeg.length; at++) {
      if (jpeg[at] == -1 && (jpeg[at + 1] & 0xff) == START_OF_SCAN && ++scans > MAX_SCANS) {
        throw new IOException("JPEG: expected at most " + MAX_SCANS + " scans, got more");
      }
    }
  }
}
