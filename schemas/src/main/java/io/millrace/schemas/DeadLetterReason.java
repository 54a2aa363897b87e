package io.millrace.schemas;

/**
 * Why a record could not be used. The names are the codes in the header {@link
 * DeadLetterHeaders#REASON}: they are never renamed, since programs filter by them.
 */
public enum DeadLetterReason {
  /** No value at all, or one of no bytes. */
  EMPTY_RECORD,
  /** Not the record that the topic carries: torn, of a foreign format or of an unknown schema. */
  UNREADABLE_RECORD,
  /** More bytes than the configured limit. */
  TOO_LARGE,
  /** An image encoding, or a kind of image within it, that this version cannot decode. */
  UNSUPPORTED_ENCODING,
  /** The image's bytes are not what its encoding says. */
  UNREADABLE_IMAGE,
  /** More pixels than the configured limit. */
  IMAGE_TOO_LARGE,
  /** Other channels, height or width than the network's input. */
  WRONG_SHAPE,
  /** A class that the network does not have. */
  LABEL_OUT_OF_RANGE,
  /** A good image in a minibatch whose loss or gradient was infinite or not a number. */
  NOT_FINITE,
  /** A good image in a minibatch whose loss or gradient was far above those of the last steps. */
  EXPLODING,
  /** A record that is not keyed by its id, so that nothing can find it. */
  WRONG_KEY,
  /** An event time far ahead of the record's own timestamp; it would end the wait of all others. */
  EVENT_TIME_AHEAD,
  /** An image with the id of another that came shortly before. */
  DUPLICATE_IMAGE,
  /** A label without an image: given after the wait for it was over, or of an unknown image. */
  LATE_LABEL,
  /** The same label as the image has already. */
  DUPLICATE_LABEL,
  /** Another label than the image has already. */
  CONFLICTING_LABEL,
  /** A fault of ours: the record was good as far as is known, but handling it failed. */
  PROCESSING_FAILED
}
