package io.millrace.app.dashboard.panel;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.MetricsObserved;
import io.millrace.TrainingMetrics;
import io.millrace.app.dashboard.feed.ClusterView;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.OptionalLong;

/** The stream as the cluster has it: offsets, lag, who reads what, how long commits take. */
public final class StreamPanel extends WholePanel {
  private static final int MAX_TIMES = 300;
  private static final long TIME_INTERVAL_MS = 1_000;

  private final ArrayDeque<Commit> commits = new ArrayDeque<>();
  private ClusterView view = ClusterView.EMPTY;
  private String instance = "";
  private long restoreMs = -1;
  private long restoredRecords = -1;

  private record Commit(long timeMs, double commitMs) {}

  /** Nothing known yet. */
  public StreamPanel() {
    super("stream");
  }

  /** The cluster as it is now. */
  public synchronized void cluster(ClusterView now) {
    view = now;
    changed();
  }

  /** Takes the times of a record; they are told with the next view of the cluster. */
  public synchronized void accept(TrainingMetrics metrics) {
    MetricsObserved observed = metrics.getObserved();
    instance = observed.getInstance();
    restoreMs = observed.getRestoreMs();
    restoredRecords = observed.getRestoredRecords();
    Commit last = commits.peekLast();
    if (observed.getCommitMs() > 0
        && (last == null || observed.getTimeMs() - last.timeMs() >= TIME_INTERVAL_MS)) {
      commits.addLast(new Commit(observed.getTimeMs(), observed.getCommitMs()));
      if (commits.size() > MAX_TIMES) {
        commits.removeFirst();
      }
    }
  }

  @Override
  synchronized void write(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("partitions");
    for (ClusterView.Partition partition : view.partitions()) {
      json.writeStartObject();
      write(json, partition);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeFieldName("group");
    Optional<ClusterView.Group> group = view.group();
    if (group.isEmpty()) {
      json.writeNull();
    } else {
      json.writeStartObject();
      write(json, group.get());
      json.writeEndObject();
    }
    json.writeArrayFieldStart("brokers");
    for (ClusterView.Broker broker : view.brokers()) {
      json.writeStartObject();
      json.writeNumberField("id", broker.id());
      json.writeStringField("host", broker.host());
      json.writeNumberField("port", broker.port());
      json.writeBooleanField("controller", broker.controller());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeObjectFieldStart("times");
    writeTimes(json);
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, ClusterView.Partition partition)
      throws IOException {
    OptionalLong committed = partition.committed();
    json.writeStringField("topic", partition.topic());
    json.writeNumberField("partition", partition.partition());
    json.writeNumberField("start", partition.start());
    json.writeNumberField("end", partition.end());
    JsonValues.number(
        json,
        "committed",
        committed.isPresent() ? Optional.of(committed.getAsLong()) : Optional.empty());
    JsonValues.number(
        json,
        "lag",
        committed.isPresent()
            ? Optional.of(Math.max(0, partition.end() - committed.getAsLong()))
            : Optional.empty());
    json.writeNumberField("leader", partition.leader());
    JsonValues.ints(json, "isr", partition.isr());
  }

  private static void write(JsonGenerator json, ClusterView.Group group) throws IOException {
    json.writeStringField("id", group.id());
    json.writeStringField("state", group.state());
    json.writeArrayFieldStart("members");
    for (ClusterView.Member member : group.members()) {
      json.writeStartObject();
      json.writeStringField("id", member.id());
      json.writeStringField("host", member.host());
      json.writeStringField("clientId", member.clientId());
      JsonValues.strings(json, "partitions", member.partitions());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void writeTimes(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("commitMs");
    for (Commit commit : commits) {
      json.writeStartArray();
      json.writeNumber(commit.timeMs());
      JsonValues.number(json, commit.commitMs());
      json.writeEndArray();
    }
    json.writeEndArray();
    json.writeNumberField("restoreMs", restoreMs);
    json.writeNumberField("restoredRecords", restoredRecords);
    json.writeStringField("instance", instance);
  }
}
