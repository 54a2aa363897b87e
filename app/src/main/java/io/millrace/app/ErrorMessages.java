package io.millrace.app;

import io.millrace.app.access.Refusals;
import io.millrace.app.yaml.ConfigException;
import io.millrace.model.spec.SpecException;
import java.net.BindException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;

/** What the command line says of an exception. */
final class ErrorMessages {

  private ErrorMessages() {}

  static String of(Throwable error) {
    if (error instanceof ExecutionException && error.getCause() != null) {
      return of(error.getCause());
    }
    Optional<String> refusal =
        error instanceof KafkaException ? Refusals.explain(error) : Optional.empty();
    if (refusal.isPresent()) {
      return refusal.get();
    }
    if (error instanceof BindException) {
      return "expected a port and an address of this machine that are free, got: "
          + error.getMessage()
          + "; end the program that has the port, or choose another, 0 for any";
    }
    String message = Objects.requireNonNullElse(error.getMessage(), error.toString());
    if (error instanceof KafkaException) {
      return "Kafka: " + message;
    }
    return message;
  }

  /** Whether the user's input is at fault. */
  static boolean isUsage(Throwable error) {
    return error instanceof ConfigException
        || error instanceof SpecException
        || error instanceof IllegalArgumentException;
  }
}
