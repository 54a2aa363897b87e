package io.millrace.topology.decode;

import java.util.OptionalLong;

/** What became of a record without a label: an image, or the reason why it cannot be used. */
public sealed interface DecodedUnlabeled permits DecodedUnlabeled.Accepted, Decoded.Rejected {

  /**
   * An image to predict.
   *
   * @param pixels unsigned bytes in [channel][height][width] order
   * @param eventTimeMs as the record says; empty where it says nothing
   */
  record Accepted(String id, byte[] pixels, OptionalLong eventTimeMs) implements DecodedUnlabeled {}
}
