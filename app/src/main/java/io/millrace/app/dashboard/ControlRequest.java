package io.millrace.app.dashboard;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.ControlCommand;
import io.millrace.ControlKind;
import io.millrace.app.http.HttpProblem;
import io.millrace.app.http.Json;
import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A command as the page sends it: {@code {"kind": "learningRate", "rate": 0.01}}. */
final class ControlRequest {
  private static final int BAD_REQUEST = 400;
  private static final long EXPIRES_MS = 60_000;
  private static final int MAX_ALIAS = 100;

  private String kind = "";
  private @Nullable Double rate;
  private @Nullable Long version;
  private @Nullable String alias;

  private ControlRequest() {}

  /**
   * The command of a body.
   *
   * @throws HttpProblem if it is none
   */
  static ControlCommand parse(byte[] body, String model) throws HttpProblem {
    ControlRequest request = new ControlRequest();
    try (JsonParser json = Json.FACTORY.createParser(body)) {
      request.read(json);
    } catch (JsonProcessingException e) {
      throw problem("JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw problem("JSON: " + e.getMessage());
    }
    return request.command(model);
  }

  private void read(JsonParser json) throws IOException, HttpProblem {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw problem("expected an object");
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      JsonToken value = json.nextToken();
      if (value == JsonToken.VALUE_NULL) {
        continue;
      }
      switch (field) {
        case "kind" -> kind = text(json, value, field);
        case "alias" -> alias = text(json, value, field);
        case "rate" -> {
          if (!value.isNumeric()) {
            throw problem("rate: expected a number, or null for the schedule's");
          }
          rate = json.getDoubleValue();
        }
        case "version" -> {
          if (value != JsonToken.VALUE_NUMBER_INT) {
            throw problem("version: expected a whole number");
          }
          version = json.getLongValue();
        }
        default -> throw problem("expected the fields kind, rate, version, alias, got another");
      }
    }
    if (json.currentToken() != JsonToken.END_OBJECT || json.nextToken() != null) {
      throw problem("expected one object and nothing more");
    }
  }

  private static String text(JsonParser json, JsonToken value, String field)
      throws IOException, HttpProblem {
    if (value != JsonToken.VALUE_STRING) {
      throw problem(field + ": expected a text");
    }
    return json.getText();
  }

  private ControlCommand command(String model) throws HttpProblem {
    long nowMs = System.currentTimeMillis();
    ControlCommand.Builder builder =
        ControlCommand.newBuilder()
            .setId(UUID.randomUUID().toString())
            .setModel(model)
            .setSentMs(nowMs)
            .setExpiresMs(nowMs + EXPIRES_MS)
            .setReason("from the page");
    switch (kind) {
      case "pause" -> builder.setKind(ControlKind.PAUSE);
      case "resume" -> builder.setKind(ControlKind.RESUME);
      case "publish" -> builder.setKind(ControlKind.PUBLISH);
      case "learningRate" -> builder.setKind(ControlKind.SET_LEARNING_RATE).setLearningRate(rate());
      case "rollBack" -> builder.setKind(ControlKind.ROLL_BACK).setVersion(version());
      case "alias" -> {
        builder.setAlias(alias());
        builder.setKind(version == null ? ControlKind.DELETE_ALIAS : ControlKind.SET_ALIAS);
        builder.setVersion(version == null ? null : version());
      }
      default ->
          throw problem(
              "kind: expected pause, resume, learningRate, publish, rollBack or alias, got another");
    }
    return builder.build();
  }

  private @Nullable Double rate() throws HttpProblem {
    if (rate != null && !(rate >= 0 && rate <= Float.MAX_VALUE)) {
      throw problem("rate: expected a number of at least 0, or null for the schedule's");
    }
    return rate;
  }

  private long version() throws HttpProblem {
    if (version == null || version < 1) {
      throw problem("version: expected the number of a version");
    }
    return version;
  }

  private String alias() throws HttpProblem {
    if (alias == null || !alias.matches("[A-Za-z0-9._-]{1," + MAX_ALIAS + "}")) {
      throw problem("alias: expected letters, digits, '.', '_' and '-'");
    }
    return alias;
  }

  private static HttpProblem problem(String message) {
    return new HttpProblem(BAD_REQUEST, message);
  }
}
