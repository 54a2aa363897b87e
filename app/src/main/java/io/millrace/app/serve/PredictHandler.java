package io.millrace.app.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import com.sun.net.httpserver.HttpExchange;
import io.millrace.app.http.HttpProblem;
import io.millrace.app.http.Json;
import io.millrace.app.http.Response;
import io.millrace.serving.Answer;
import io.millrace.serving.Predictor;
import io.millrace.serving.Snapshot;
import io.millrace.serving.StaleModelException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;

/** {@code POST /predict}: images in, answers out. */
final class PredictHandler {
  private static final int BAD_REQUEST = 400;
  private static final int TOO_LARGE = 413;
  private static final int UNSUPPORTED_TYPE = 415;
  private static final int TOO_MANY = 429;
  private static final int UNAVAILABLE = 503;
  private static final Map<String, String> SOON = Map.of("Retry-After", "1");

  private final Predictor predictor;
  private final ServeOptions options;
  private final Semaphore permits;

  PredictHandler(Predictor predictor, ServeOptions options) {
    this.predictor = predictor;
    this.options = options;
    permits = new Semaphore(options.maxConcurrent());
  }

  Response answer(HttpExchange exchange) throws IOException, HttpProblem {
    if (exchange.getRequestHeaders().containsKey("Content-Encoding")) {
      throw new HttpProblem(
          UNSUPPORTED_TYPE, "Content-Encoding: expected none, got one; send the body as it is");
    }
    byte[] body = body(exchange);
    Snapshot snapshot =
        predictor
            .snapshot()
            .orElseThrow(
                () -> new HttpProblem(UNAVAILABLE, "there is no verified model yet", SOON));
    // A slow sender holds nothing but its own connection until here.
    if (!permits.tryAcquire()) {
      throw new HttpProblem(
          TOO_MANY,
          "expected at most "
              + options.maxConcurrent()
              + " requests at the same time, got more; come again",
          SOON);
    }
    try {
      String type =
          Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Content-Type"), "");
      RequestImages images =
          RequestImages.read(type, body, snapshot.network().input(), options.maxImages());
      List<Answer> answers = predict(snapshot, images);
      return Response.json(200, json(snapshot.model(), images.several(), answers));
    } finally {
      permits.release();
    }
  }

  private List<Answer> predict(Snapshot snapshot, RequestImages images) throws HttpProblem {
    try {
      return predictor.predict(images.pixels());
    } catch (StaleModelException e) {
      throw new HttpProblem(UNAVAILABLE, String.valueOf(e.getMessage()), SOON);
    } catch (IllegalArgumentException e) {
      // The images were measured by this snapshot, but another has taken its place.
      throw new HttpProblem(
          UNAVAILABLE, snapshot + " was replaced by one of another shape; come again", SOON);
    }
  }

  private byte[] body(HttpExchange exchange) throws IOException, HttpProblem {
    String length = exchange.getRequestHeaders().getFirst("Content-Length");
    int limit = options.maxBodyBytes();
    // The server has refused a length that is no number.
    if (length != null && Long.parseLong(length) > limit) {
      throw tooLarge(length);
    }
    byte[] body = exchange.getRequestBody().readNBytes(limit + 1);
    if (body.length > limit) {
      throw tooLarge("more");
    }
    if (body.length == 0) {
      throw new HttpProblem(BAD_REQUEST, "body: expected an image, got nothing");
    }
    return body;
  }

  private HttpProblem tooLarge(String got) {
    return new HttpProblem(
        TOO_LARGE, "body: expected at most " + options.maxBodyBytes() + " bytes, got " + got);
  }

  private static byte[] json(String model, boolean several, List<Answer> answers) {
    Answer first = answers.getFirst();
    return Json.object(json -> {
      json.writeStringField("model", model);
      json.writeNumberField("version", first.version());
      json.writeNumberField("ageMs", first.ageMs());
      json.writeBooleanField("stale", first.stale());
      if (!several) {
        write(json, first);
        return;
      }
      json.writeArrayFieldStart("predictions");
      for (Answer answer : answers) {
        json.writeStartObject();
        write(json, answer);
        json.writeEndObject();
      }
      json.writeEndArray();
    });
  }

  private static void write(JsonGenerator json, Answer answer) throws IOException {
    json.writeNumberField("label", answer.label());
    if (answer.className().isPresent()) {
      json.writeStringField("className", answer.className().get());
    }
    json.writeArrayFieldStart("probabilities");
    for (float probability : answer.probabilities()) {
      json.writeNumber(probability);
    }
    json.writeEndArray();
  }
}
