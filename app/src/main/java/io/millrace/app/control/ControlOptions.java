package io.millrace.app.control;

import io.millrace.ControlAcknowledgement;
import io.millrace.ControlCommand;
import io.millrace.ControlKind;
import io.millrace.ControlOutcome;
import io.millrace.app.json.JsonLine;
import io.millrace.app.json.JsonOption;
import io.millrace.app.learner.ConfigOptions;
import io.millrace.app.learner.KafkaClients;
import io.millrace.topology.config.LearnerConfig;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What every command to a learner takes. */
public final class ControlOptions {

  @Mixin private ConfigOptions config = new ConfigOptions();

  @Option(
      names = "--at-step",
      paramLabel = "N",
      description =
          "Waits until so many steps are done; without it the next boundary of two steps.")
  private @Nullable Long atStep;

  @Option(
      names = "--expires",
      paramLabel = "SECONDS",
      defaultValue = "300",
      description =
          "Refused when a learner receives it later than this; 0 for never (default:"
              + " ${DEFAULT-VALUE}).")
  private long expiresSeconds;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "Waits so long for the learner's answer (default: ${DEFAULT-VALUE}).")
  private long timeoutSeconds;

  @Option(names = "--no-wait", description = "Sends it and does not wait for an answer.")
  private boolean noWait;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why; goes into the journal.")
  private String reason = "";

  @Mixin private SignWith signWith = new SignWith();
  @Mixin private JsonOption json = new JsonOption();

  /**
   * Sends a command and prints the answer.
   *
   * @param detail sets what this kind of command needs
   * @return 0 if it was carried out or waits for its step, else 1
   */
  int send(ControlKind kind, Consumer<ControlCommand.Builder> detail, PrintWriter out)
      throws InterruptedException {
    LearnerConfig learner = config.load().config();
    ControlCommand command = command(learner.model(), kind, detail);
    try (ControlClient client =
        new ControlClient(
            KafkaClients.properties(learner.kafka()), learner.topics(), signWith.signer())) {
      if (noWait) {
        client.send(command);
        if (json.isOn()) {
          JsonLine.event("sent")
              .with("commandId", command.getId())
              .with("topic", learner.topics().control())
              .print(out);
        } else {
          out.printf("sent to %s as %s%n", learner.topics().control(), command.getId());
        }
        return 0;
      }
      Optional<ControlAcknowledgement> answer =
          client.send(command, Duration.ofSeconds(timeoutSeconds));
      if (answer.isEmpty()) {
        throw new IllegalStateException(
            String.format(
                "learner %s: expected an answer to command %s within %d s, got none; it is still in"
                    + " %s: is the learner running? --timeout waits longer",
                learner.model(), command.getId(), timeoutSeconds, learner.topics().control()));
      }
      return report(answer.get(), out);
    }
  }

  private ControlCommand command(
      String model, ControlKind kind, Consumer<ControlCommand.Builder> detail) {
    long nowMs = System.currentTimeMillis();
    ControlCommand.Builder builder =
        ControlCommand.newBuilder()
            .setId(UUID.randomUUID().toString())
            .setModel(model)
            .setKind(kind)
            .setNotBeforeStep(atStep)
            .setSentMs(nowMs)
            .setExpiresMs(expiresSeconds == 0 ? null : nowMs + 1000 * expiresSeconds)
            .setReason(reason);
    detail.accept(builder);
    return builder.build();
  }

  private int report(ControlAcknowledgement answer, PrintWriter out) {
    boolean good =
        answer.getOutcome() == ControlOutcome.APPLIED
            || answer.getOutcome() == ControlOutcome.WAITING;
    String line =
        String.format(
            Locale.ROOT,
            "%s at step %,d: %s",
            answer.getOutcome().name().toLowerCase(Locale.ROOT),
            answer.getStep(),
            answer.getMessage());
    if (json.isOn()) {
      JsonLine.event("answered")
          .with("commandId", answer.getCommandId())
          .with("outcome", answer.getOutcome().name())
          .with("step", answer.getStep())
          .with("message", answer.getMessage())
          .print(out);
      return good ? 0 : 1;
    }
    if (!good) {
      throw new IllegalStateException(line);
    }
    out.println(line);
    out.flush();
    return 0;
  }
}
