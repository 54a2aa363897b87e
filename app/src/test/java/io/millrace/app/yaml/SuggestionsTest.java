package io.millrace.app.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionsTest {
  private static final List<String> KNOWN =
      List.of("conv2d", "linear", "learningRate", "maxPool2d", "averagePool2d", "add");

  @ParameterizedTest
  @CsvSource({
    "learningRat, learningRate",
    "LearningRate, learningRate",
    "lerningrate, learningRate",
    "laerningRate, learningRate",
    "conv, conv2d",
    "conv2D, conv2d",
    "maxpool, maxPool2d",
    "ad, add",
  })
  void nearNamesAreFound(String name, String meant) {
    assertEquals("; did you mean " + meant + "?", Suggestions.hint(name, KNOWN));
  }

  @Test
  void farNamesListWhatIsKnown() {
    assertEquals(
        "; expected one of conv2d, linear, learningRate, maxPool2d, averagePool2d, add",
        Suggestions.hint("transformer", KNOWN));
    assertEquals("; no key is known here", Suggestions.hint("x", List.of()));
  }

  @Test
  void distanceCountsEdits() {
    assertEquals(0, Suggestions.distance("abc", "abc"));
    assertEquals(1, Suggestions.distance("abc", "acb"));
    assertEquals(3, Suggestions.distance("kitten", "sitting"));
    assertEquals(3, Suggestions.distance("", "abc"));
  }
}
