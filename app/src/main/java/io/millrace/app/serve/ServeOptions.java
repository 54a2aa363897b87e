package io.millrace.app.serve;

import java.net.InetSocketAddress;

/**
 * Where the server listens, and what it takes.
 *
 * @param address port 0 for any that is free
 * @param maxBodyBytes of one request
 * @param maxImages of one request
 * @param maxConcurrent requests that decode and predict at the same time; more are told to come
 *     again
 */
public record ServeOptions(
    InetSocketAddress address, int maxBodyBytes, int maxImages, int maxConcurrent) {
  /** Pixels that the header of a picture may promise; those of a model are far fewer. */
  static final int MAX_PIXELS = 16 << 20;

  public ServeOptions {
    if (maxBodyBytes < 1 || maxImages < 1 || maxConcurrent < 1) {
      throw new IllegalArgumentException(
          "serve: expected limits of at least 1, got "
              + maxBodyBytes
              + " bytes, "
              + maxImages
              + " images and "
              + maxConcurrent
              + " at the same time");
    }
  }
}
