package io.millrace.topology.decode;

import io.millrace.ControlCommand;
import io.millrace.ControlKind;
import io.millrace.ControlOutcome;
import io.millrace.schemas.AvroCodec;
import io.millrace.schemas.DeadLetterReason;
import io.millrace.schemas.InvalidRecordException;
import io.millrace.schemas.RecordSignatures;
import io.millrace.schemas.RecordSignatures.TrustedKeys;
import io.millrace.topology.decode.DecodedCommand.Refusal;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Decodes a command and decides whether it counts: it is signed where it must be, and in time. */
public final class CommandDecoder {

  private static final int MAX_ID = 200;
  private static final String ALIAS = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}";

  private final AvroCodec<ControlCommand> codec = AvroCodec.of(ControlCommand.class);
  private final String model;
  private final TrustedKeys trusted;

  /**
   * A decoder.
   *
   * @param model whose commands count
   * @param trusted who may give them
   */
  public CommandDecoder(String model, TrustedKeys trusted) {
    this.model = model;
    this.trusted = trusted;
  }

  /** What stands in a record of the control topic. */
  public sealed interface Result {

    /** A command to this model. */
    record Mine(DecodedCommand command) implements Result {}

    /** A command to another model, which is nothing to this learner. */
    record Others() implements Result {}

    /** No command. */
    record Unreadable(Decoded.Rejected reason) implements Result {}
  }

  /** Never throws for anything that a record may hold. */
  public Result decode(byte @Nullable [] value, Headers headers, long nowMs) {
    if (value == null || value.length == 0) {
      return new Result.Unreadable(
          new Decoded.Rejected(
              DeadLetterReason.EMPTY_RECORD, "expected a ControlCommand, got an empty value"));
    }
    ControlCommand command;
    try {
      command = codec.decode(value);
    } catch (InvalidRecordException e) {
      return new Result.Unreadable(
          new Decoded.Rejected(e.reason(), String.valueOf(e.getMessage())));
    }
    if (!command.getModel().equals(model)) {
      return new Result.Others();
    }
    Optional<String> problem = problem(command, value, headers);
    if (problem.isPresent()) {
      return mine(command, new Refusal(ControlOutcome.REJECTED, problem.get()));
    }
    long expiresMs = command.getExpiresMs().orElse(Long.MAX_VALUE);
    return nowMs > expiresMs
        ? mine(
            command,
            new Refusal(
                ControlOutcome.EXPIRED,
                "it came " + (nowMs - expiresMs) + " ms after it had expired; send it again"))
        : mine(command, null);
  }

  private static Result mine(ControlCommand command, @Nullable Refusal refusal) {
    return new Result.Mine(new DecodedCommand(command, Optional.ofNullable(refusal)));
  }

  private Optional<String> problem(ControlCommand command, byte[] value, Headers headers) {
    Optional<String> untrusted =
        trusted.problem(
            header(headers, RecordSignatures.KEY_ID_HEADER),
            header(headers, RecordSignatures.SIGNATURE_HEADER),
            value);
    return untrusted.isPresent() ? untrusted : malformed(command);
  }

  private static Optional<String> malformed(ControlCommand command) {
    if (command.getId().isEmpty() || command.getId().length() > MAX_ID) {
      return Optional.of(
          "id: expected 1 to " + MAX_ID + " characters, got " + command.getId().length());
    }
    ControlKind kind = command.getKind();
    return switch (kind) {
      case PAUSE, RESUME, PUBLISH -> Optional.empty();
      case SET_LEARNING_RATE -> {
        double rate = command.getLearningRate().orElse(0.0);
        yield rate >= 0 && rate <= Float.MAX_VALUE
            ? Optional.empty()
            : Optional.of("learningRate: expected a number of at least 0, or none, got " + rate);
      }
      case ROLL_BACK -> version(command);
      case SET_ALIAS -> {
        Optional<String> problem = version(command);
        yield problem.isPresent() ? problem : alias(command);
      }
      case DELETE_ALIAS -> alias(command);
      case UNKNOWN ->
          Optional.of("kind: it is newer than this learner; upgrade the learner to use it");
    };
  }

  private static Optional<String> version(ControlCommand command) {
    long version = command.getVersion().orElse(0L);
    return version >= 1
        ? Optional.empty()
        : Optional.of("version: expected a version from 1 on, got " + command.getVersion());
  }

  private static Optional<String> alias(ControlCommand command) {
    return command.getAlias().filter(name -> name.matches(ALIAS)).isPresent()
        ? Optional.empty()
        : Optional.of(
            "alias: expected at most 100 letters, digits, '.', '_' and '-', a letter or digit"
                + " first");
  }

  private static byte @Nullable [] header(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null ? null : header.value();
  }
}
