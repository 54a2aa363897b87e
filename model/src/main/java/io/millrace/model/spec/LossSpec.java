package io.millrace.model.spec;

import java.util.Arrays;
import java.util.List;

/** What training minimises; both are means over the minibatch. */
public enum LossSpec {
  /**
   * The negative log of the softmax probability of the label (PyTorch's {@code CrossEntropyLoss}).
   */
  SOFTMAX_CROSS_ENTROPY("softmaxCrossEntropy"),

  /**
   * The mean over the outputs of the squared difference from the label's one-hot vector (PyTorch's
   * {@code MSELoss}).
   */
  SQUARED_ERROR("squaredError");

  private final String text;

  LossSpec(String text) {
    this.text = text;
  }

  /** The name in files and manifests. */
  public String text() {
    return text;
  }

  /**
   * The inverse of {@link #text()}.
   *
   * @throws SpecException for any other text
   */
  public static LossSpec parse(String text) {
    for (LossSpec loss : values()) {
      if (loss.text.equals(text)) {
        return loss;
      }
    }
    throw SpecException.of("loss", "one of " + String.join(", ", texts()), text);
  }

  /** The names of all losses. */
  public static List<String> texts() {
    return Arrays.stream(values()).map(LossSpec::text).toList();
  }
}
