package io.millrace.app.dashboard;

import com.fasterxml.jackson.core.JsonGenerator;
import com.sun.net.httpserver.HttpExchange;
import io.millrace.SnapshotManifest;
import io.millrace.app.dashboard.feed.RecordFetcher;
import io.millrace.app.dashboard.panel.SnapshotsPanel;
import io.millrace.app.http.Answer;
import io.millrace.app.http.HttpProblem;
import io.millrace.app.http.Response;
import io.millrace.app.snapshot.SnapshotException;
import io.millrace.app.snapshot.SnapshotLibrary;
import io.millrace.app.snapshot.TensorDifference;
import io.millrace.model.tensor.Tensor;
import io.millrace.schemas.InvalidRecordException;
import io.millrace.schemas.SnapshotRecords;
import io.millrace.serving.AssemblyResult;
import io.millrace.serving.Snapshot;
import io.millrace.topology.config.LearnerConfig;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** One version's manifest, and how far two versions are from each other. */
final class SnapshotEndpoints {
  private static final int NOT_FOUND = 404;
  private static final int TOO_MANY = 429;
  private static final int UNPROCESSABLE = 422;
  private static final int UNAVAILABLE = 503;
  private static final Map<String, String> SOON = Map.of("Retry-After", "2");
  private static final Pattern PATH =
      Pattern.compile("/api/snapshots/([0-9]{1,12})(?:/diff/([0-9]{1,12}))?");

  private final LearnerConfig config;
  private final RecordFetcher fetcher;
  private final SnapshotsPanel snapshots;

  /** A comparison reads the whole topic and holds two models in memory. */
  private final Semaphore comparisons = new Semaphore(1);

  SnapshotEndpoints(LearnerConfig config, RecordFetcher fetcher, SnapshotsPanel snapshots) {
    this.config = config;
    this.fetcher = fetcher;
    this.snapshots = snapshots;
  }

  Answer answer(HttpExchange exchange) throws HttpProblem {
    Matcher path = PATH.matcher(exchange.getRequestURI().getPath());
    if (!path.matches()) {
      throw new HttpProblem(
          NOT_FOUND,
          "path: expected /api/snapshots/VERSION or /api/snapshots/VERSION/diff/VERSION");
    }
    long version = Long.parseLong(path.group(1));
    return path.group(2) == null
        ? manifest(version)
        : difference(version, Long.parseLong(path.group(2)));
  }

  private Answer manifest(long version) throws HttpProblem {
    OptionalLong offset = snapshots.offset(version);
    if (offset.isEmpty()) {
      throw missing(version);
    }
    byte[] value =
        PictureEndpoints.value(fetcher, config.topics().snapshots(), 0, offset.getAsLong())
            .orElseThrow(() -> missing(version));
    try {
      SnapshotManifest manifest = SnapshotRecords.open(value);
      return Response.json(json -> AvroJson.fields(json, manifest));
    } catch (InvalidRecordException e) {
      throw new HttpProblem(UNPROCESSABLE, "version " + version + ": " + e.getMessage());
    }
  }

  private HttpProblem missing(long version) {
    return new HttpProblem(
        NOT_FOUND,
        "version "
            + version
            + " of model "
            + config.model()
            + ": expected it in topic "
            + config.topics().snapshots()
            + ", got none, or none any more");
  }

  private Answer difference(long a, long b) throws HttpProblem {
    if (!comparisons.tryAcquire()) {
      throw new HttpProblem(
          TOO_MANY, "comparisons: expected one at a time, got more; come again", SOON);
    }
    try {
      Map<Long, AssemblyResult> found =
          SnapshotLibrary.of(config).assemble(new TreeSet<>(List.of(a, b)));
      Snapshot first = snapshot(a, found.get(a));
      Snapshot second = snapshot(b, found.get(b));
      return Response.json(json -> write(json, first, second));
    } catch (SnapshotException e) {
      throw new HttpProblem(NOT_FOUND, String.valueOf(e.getMessage()));
    } catch (KafkaException e) {
      throw new HttpProblem(UNAVAILABLE, "the cluster does not answer: " + e.getMessage(), SOON);
    } finally {
      comparisons.release();
    }
  }

  private Snapshot snapshot(long version, @Nullable AssemblyResult result) throws HttpProblem {
    return switch (result) {
      case AssemblyResult.Assembled assembled -> assembled.snapshot();
      case AssemblyResult.Rejected rejected ->
          throw new HttpProblem(UNPROCESSABLE, rejected.toString());
      case null, default -> throw missing(version);
    };
  }

  private static void write(JsonGenerator json, Snapshot a, Snapshot b) throws IOException {
    json.writeNumberField("a", a.version());
    json.writeNumberField("b", b.version());
    json.writeArrayFieldStart("tensors");
    for (TensorDifference each : TensorDifference.all(a.tensors(), b.tensors())) {
      Tensor before = a.tensors().get(each.name());
      Tensor after = b.tensors().get(each.name());
      json.writeStartObject();
      json.writeStringField("name", each.name());
      Tensor any = before == null ? after : before;
      json.writeFieldName("shape");
      int[] shape = any == null ? new int[0] : any.shape().toArray();
      json.writeArray(shape, 0, shape.length);
      number(json, "normA", norm(before));
      number(json, "normB", norm(after));
      json.writeBooleanField("comparable", each.comparable());
      number(json, "relativeChange", each.comparable() ? each.relative() : Double.NaN);
      number(json, "maxChange", each.comparable() ? each.largest() : Double.NaN);
      json.writeBooleanField("equal", each.equal());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeObjectFieldStart("metrics");
    metrics(json, "a", a);
    metrics(json, "b", b);
    json.writeEndObject();
  }

  private static void metrics(JsonGenerator json, String field, Snapshot snapshot)
      throws IOException {
    json.writeObjectFieldStart(field);
    json.writeNumberField("step", snapshot.step());
    json.writeNumberField("images", snapshot.images());
    number(json, "windowLoss", snapshot.metrics().windowLoss());
    number(json, "windowAccuracy", snapshot.metrics().windowAccuracy());
    number(json, "cumulativeLoss", snapshot.metrics().cumulativeLoss());
    number(json, "cumulativeAccuracy", snapshot.metrics().cumulativeAccuracy());
    json.writeEndObject();
  }

  private static double norm(@Nullable Tensor tensor) {
    if (tensor == null) {
      return Double.NaN;
    }
    double squares = 0;
    for (float value : tensor.data()) {
      squares += (double) value * value;
    }
    return Math.sqrt(squares);
  }

  private static void number(JsonGenerator json, String field, double value) throws IOException {
    if (Double.isFinite(value)) {
      json.writeNumberField(field, value);
    } else {
      json.writeNullField(field);
    }
  }
}
