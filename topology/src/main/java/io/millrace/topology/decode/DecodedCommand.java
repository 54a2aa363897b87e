package io.millrace.topology.decode;

import io.millrace.ControlCommand;
import io.millrace.ControlOutcome;
import java.util.Optional;

/**
 * A command to this learner.
 *
 * @param refusal why it is not to be carried out; empty if it may be
 */
public record DecodedCommand(ControlCommand command, Optional<Refusal> refusal)
    implements Received {

  /**
   * A reason.
   *
   * @param outcome rejected or expired
   * @param message what was expected and what came
   */
  public record Refusal(ControlOutcome outcome, String message) {}
}
