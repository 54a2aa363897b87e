package io.millrace.app.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.app.http.HttpProblem;
import io.millrace.app.http.Json;
import io.millrace.app.http.Response;
import io.millrace.serving.Predictor;
import io.millrace.serving.Snapshot;
import io.millrace.serving.SnapshotSubscriber;
import java.io.IOException;
import java.util.Map;

/** What the server says of itself and of its model. */
final class ModelEndpoints {
  private static final int OK = 200;
  private static final int UNAVAILABLE = 503;

  private final Predictor predictor;
  private final SnapshotSubscriber subscriber;

  ModelEndpoints(Predictor predictor, SnapshotSubscriber subscriber) {
    this.predictor = predictor;
    this.subscriber = subscriber;
  }

  /** The process answers. */
  static Response live() {
    return Response.json(OK, Json.object(json -> json.writeBooleanField("live", true)));
  }

  /** There is a verified model that may answer. */
  Response ready() throws HttpProblem {
    Snapshot snapshot = snapshot();
    if (predictor.refuses()) {
      throw new HttpProblem(UNAVAILABLE, snapshot + " is too old to answer");
    }
    return Response.json(
        OK,
        Json.object(json -> {
          json.writeBooleanField("ready", true);
          json.writeStringField("model", snapshot.model());
          json.writeNumberField("version", snapshot.version());
        }));
  }

  /** Where the model comes from and how good it was. */
  Response model() throws HttpProblem {
    Snapshot snapshot = snapshot();
    return Response.json(OK, Json.object(json -> write(json, snapshot)));
  }

  private void write(JsonGenerator json, Snapshot snapshot) throws IOException {
    json.writeStringField("model", snapshot.model());
    json.writeNumberField("version", snapshot.version());
    if (snapshot.parentVersion().isPresent()) {
      json.writeNumberField("parentVersion", snapshot.parentVersion().getAsLong());
    }
    json.writeNumberField("step", snapshot.step());
    json.writeNumberField("images", snapshot.images());
    json.writeStringField("sha256", snapshot.sha256());
    json.writeNumberField("publishedMs", snapshot.publishedMs());
    json.writeNumberField("ageMs", predictor.ageMs().orElse(0L));
    json.writeStringField("network", snapshot.network().name());
    json.writeFieldName("input");
    int[] input = snapshot.network().input().toArray();
    json.writeArray(input, 0, input.length);
    json.writeArrayFieldStart("classNames");
    for (String name : snapshot.classNames()) {
      json.writeString(name);
    }
    json.writeEndArray();
    json.writeObjectFieldStart("metrics");
    json.writeNumberField("windowLoss", snapshot.metrics().windowLoss());
    json.writeNumberField("windowAccuracy", snapshot.metrics().windowAccuracy());
    json.writeEndObject();
  }

  private Snapshot snapshot() throws HttpProblem {
    return predictor
        .snapshot()
        .orElseThrow(() ->
            new HttpProblem(
                UNAVAILABLE,
                "there is no verified model yet; " + subscriber.state(),
                Map.of("Retry-After", "1")));
  }
}
