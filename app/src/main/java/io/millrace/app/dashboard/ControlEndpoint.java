package io.millrace.app.dashboard;

import com.sun.net.httpserver.HttpExchange;
import io.millrace.ControlAcknowledgement;
import io.millrace.ControlCommand;
import io.millrace.ControlOutcome;
import io.millrace.app.control.ControlClient;
import io.millrace.app.http.Answer;
import io.millrace.app.http.HttpProblem;
import io.millrace.app.http.Response;
import io.millrace.app.learner.KafkaClients;
import io.millrace.topology.config.LearnerConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.apache.kafka.common.KafkaException;

/** Sends a command to the learner and says what became of it. */
final class ControlEndpoint {
  private static final int MAX_BODY_BYTES = 4 << 10;
  private static final int FORBIDDEN = 403;
  private static final int TOO_MANY = 429;
  private static final int UNAVAILABLE = 503;
  private static final Map<String, String> SOON = Map.of("Retry-After", "1");
  private static final Duration ANSWER = Duration.ofSeconds(15);

  private final DashboardSettings settings;
  private final Semaphore places = new Semaphore(2);

  ControlEndpoint(DashboardSettings settings) {
    this.settings = settings;
  }

  Answer answer(HttpExchange exchange) throws IOException, HttpProblem {
    if (settings.readOnly()) {
      throw new HttpProblem(
          FORBIDDEN, "control: expected a page that may, got one started with --read-only");
    }
    ControlCommand command =
        ControlRequest.parse(Body.read(exchange, MAX_BODY_BYTES), settings.config().model());
    if (!places.tryAcquire()) {
      throw new HttpProblem(TOO_MANY, "commands: expected two at a time, got more", SOON);
    }
    try {
      return answer(send(command));
    } finally {
      places.release();
    }
  }

  private Optional<ControlAcknowledgement> send(ControlCommand command) throws HttpProblem {
    LearnerConfig config = settings.config();
    try (ControlClient client =
        new ControlClient(
            KafkaClients.properties(config.kafka()), config.topics(), settings.signer())) {
      return client.send(command, ANSWER);
    } catch (KafkaException | IllegalArgumentException e) {
      throw new HttpProblem(UNAVAILABLE, "not sent: " + e.getMessage(), SOON);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HttpProblem(UNAVAILABLE, "the server closes");
    }
  }

  private Response answer(Optional<ControlAcknowledgement> answer) {
    return Response.json(json -> {
      if (answer.isEmpty()) {
        json.writeStringField("outcome", "NO_ANSWER");
        json.writeStringField(
            "message",
            "it is in "
                + settings.config().topics().control()
                + ", but no learner of model "
                + settings.config().model()
                + " answered within "
                + ANSWER.toSeconds()
                + " s; is it running?");
        return;
      }
      ControlAcknowledgement of = answer.get();
      json.writeStringField(
          "outcome", of.getOutcome() == ControlOutcome.APPLIED ? "DONE" : of.getOutcome().name());
      json.writeStringField("message", of.getMessage());
      json.writeNumberField("step", of.getStep());
      json.writeNumberField("version", of.getVersion());
    });
  }
}
