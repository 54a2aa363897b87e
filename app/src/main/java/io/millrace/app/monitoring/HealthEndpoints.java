package io.millrace.app.monitoring;

import io.millrace.app.http.HttpProblem;
import io.millrace.app.http.Response;
import io.millrace.topology.StreamsHealth;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What a program on Kafka Streams says of its health. */
final class HealthEndpoints {

  private static final int UNAVAILABLE = 503;
  private static final Map<String, String> SOON = Map.of("Retry-After", "1");

  private final Supplier<StreamsHealth> health;
  private final Supplier<Optional<String>> paused;

  /**
   * Endpoints of one program.
   *
   * @param paused why it waits for an operator, if it does; it is ready all the same, since another
   *     instance in its place would wait, too
   */
  HealthEndpoints(Supplier<StreamsHealth> health, Supplier<Optional<String>> paused) {
    this.health = health;
    this.paused = paused;
  }

  /** The process has not failed and its threads live; a restart would mend what this refuses. */
  Response live() throws HttpProblem {
    StreamsHealth now = health.get();
    if (!now.live()) {
      throw new HttpProblem(UNAVAILABLE, now.reason());
    }
    return Response.json(json -> {
      json.writeBooleanField("live", true);
      json.writeStringField("state", now.state());
      json.writeArrayFieldStart("threads");
      for (String thread : now.threads()) {
        json.writeString(thread);
      }
      json.writeEndArray();
    });
  }

  /** Its state is restored and it does its work. */
  Response ready() throws HttpProblem {
    StreamsHealth now = health.get();
    if (!now.ready()) {
      throw new HttpProblem(UNAVAILABLE, now.reason(), SOON);
    }
    Optional<String> why = paused.get();
    return Response.json(json -> {
      json.writeBooleanField("ready", true);
      json.writeStringField("state", now.state());
      json.writeNumberField("tasks", now.tasks());
      if (why.isPresent()) {
        json.writeStringField("paused", why.get());
      }
    });
  }
}
