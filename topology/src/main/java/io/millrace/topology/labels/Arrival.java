package io.millrace.topology.labels;

import io.millrace.ImageLabel;
import io.millrace.UnlabeledImage;
import io.millrace.topology.decode.Decoded;
import org.jspecify.annotations.Nullable;

/** What a record's value is, beside its bytes as they came. */
sealed interface Arrival {

  record Image(UnlabeledImage image, byte[] value) implements Arrival {}

  record Label(ImageLabel label, byte[] value) implements Arrival {}

  /** Neither, or not what its topic carries. */
  record Unusable(Decoded.Rejected why, byte @Nullable [] value) implements Arrival {}

  /** The value as it came. */
  byte @Nullable [] value();
}
