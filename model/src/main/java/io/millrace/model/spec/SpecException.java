package io.millrace.model.spec;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A network specification that cannot be built. The message reads {@code layer conv1: kernel:
 * expected ..., got ...}; the parts are kept, so that a reader of a file can add the line.
 */
public final class SpecException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final @Nullable String layer;
  private final @Nullable String attribute;
  private final String detail;

  /**
   * @param layer the layer at fault, or null where the whole network or no layer yet is
   * @param attribute its attribute at fault ("inputs" and "type" count as such), or null
   * @param detail what was expected, what came, and what to do
   */
  public SpecException(@Nullable String layer, @Nullable String attribute, String detail) {
    super(
        (layer == null ? "" : "layer " + layer + ": ")
            + (attribute == null ? "" : attribute + ": ")
            + detail);
    this.layer = layer;
    this.attribute = attribute;
    this.detail = detail;
  }

  static SpecException of(String attribute, String expected, Object actual) {
    return new SpecException(null, attribute, "expected " + expected + ", got " + actual);
  }

  public Optional<String> layer() {
    return Optional.ofNullable(layer);
  }

  public Optional<String> attribute() {
    return Optional.ofNullable(attribute);
  }

  /** The message without layer and attribute. */
  public String detail() {
    return detail;
  }
}
