package io.millrace.model.graph;

import static io.millrace.model.graph.OperationCase.Argument.input;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;

/** The contract finds what it is there to find. */
class GradientContractTest {
  /** y = 2 x, with a gradient that is wrong at one place and, if asked, not added but set. */
  private static final class Doubling extends Operation {
    private final Node x;
    private final boolean sets;
    private final int wrongAt;
    private boolean starts;

    Doubling(String name, Node x, boolean sets, int wrongAt) {
      super(name, x.shape(), List.of(x));
      this.x = x;
      this.sets = sets;
      this.wrongAt = wrongAt;
    }

    @Override
    void forward(Program program) {
      program.samples(this::forward, x.values(), values());
    }

    private void forward(Pass pass, int shard, int from, int to) {
      for (int i = from * elements(); i < to * elements(); i++) {
        value()[i] = 2 * x.value()[i];
      }
    }

    @Override
    void backward(Program program) {
      starts = program.startsGradient(x);
      program.samples(this::backward, gradients(), x.gradients());
    }

    private void backward(Pass pass, int shard, int from, int to) {
      for (int i = from * elements(); i < to * elements(); i++) {
        float dx = (i == wrongAt ? 1.999f : 2) * gradient()[i];
        x.gradient()[i] = sets || starts ? dx : x.gradient()[i] + dx;
      }
    }
  }

  private static OperationCase doubling(OperationCase.Builder builder, int uses) {
    return new OperationCase(
        "doubling",
        3,
        List.of(input("x", 4)),
        OperationCase.Fill.ANY,
        true,
        builder,
        values -> References.each(values[0], value -> 2 * uses * value));
  }

  @Test
  void passesAGradientThatIsRight() {
    OperationCase right = doubling(nodes -> new Doubling("doubling", nodes.get(0), false, -1), 1);
    GradientContract.checkValue(right);
    GradientContract.checkGradients(right);
    GradientContract.checkExact(right);
    GradientContract.checkSameBits(right);
  }

  @Test
  void namesOperationTensorAndIndexOfAWrongGradient() {
    OperationCase wrong = doubling(nodes -> new Doubling("doubling", nodes.get(0), false, 6), 1);
    AssertionFailedError error =
        assertThrows(AssertionFailedError.class, () -> GradientContract.checkGradients(wrong));
    String message = String.valueOf(error.getMessage());
    assertTrue(message.startsWith("doubling n3: gradient of x[6]: "), message);
    assertTrue(message.contains("analytic") && message.contains("numeric"), message);
    assertThrows(AssertionFailedError.class, () -> GradientContract.checkExact(wrong));
  }

  @Test
  void findsAGradientThatOverwritesInsteadOfAdding() {
    OperationCase overwriting =
        doubling(
            nodes ->
                new Add(
                    "add",
                    List.of(
                        new Doubling("one", nodes.get(0), true, -1),
                        new Doubling("two", nodes.get(0), true, -1))),
            2);
    GradientContract.checkValue(overwriting);
    assertThrows(AssertionFailedError.class, () -> GradientContract.checkGradients(overwriting));
  }
}
