package io.millrace.topology.decode;

import io.millrace.schemas.DeadLetterReason;

/** What became of a record: an image, or the reason why it cannot be used. */
public sealed interface Decoded {

  /**
   * An image that fits the network.
   *
   * @param pixels unsigned bytes in [channel][height][width] order
   * @param eventTimeMs as the record says, or -1 where it says nothing
   * @param heldOut whether it is to judge models with, and no learner may train on it
   */
  record Accepted(String id, int label, byte[] pixels, long eventTimeMs, boolean heldOut)
      implements Decoded {}

  /**
   * A record that cannot be used.
   *
   * @param message what was expected and what came; cut where it is long, for it quotes what came
   *     and travels in a header that must not make the dead letter larger than a broker takes
   */
  record Rejected(DeadLetterReason reason, String message) implements Decoded {
    static final int MAX_MESSAGE = 1000;

    public Rejected {
      if (message.length() > MAX_MESSAGE) {
        message = message.substring(0, MAX_MESSAGE) + "...";
      }
    }
  }
}
