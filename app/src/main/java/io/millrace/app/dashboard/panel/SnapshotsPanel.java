package io.millrace.app.dashboard.panel;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.ModelAlias;
import io.millrace.SnapshotManifest;
import io.millrace.TensorInfo;
import io.millrace.schemas.AvroCodec;
import io.millrace.schemas.RecordSignatures;
import io.millrace.schemas.SnapshotKey;
import io.millrace.schemas.SnapshotRecords;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** The versions of the model, and the names that stand for some of them. */
public final class SnapshotsPanel extends WholePanel {
  private static final int MAX_VERSIONS = 500;
  private static final int MAX_ALIASES = 200;

  private final String model;
  private final Consumer<SnapshotManifest> newest;
  private final AvroCodec<ModelAlias> aliasCodec = AvroCodec.of(ModelAlias.class);
  private final TreeMap<Long, Row> rows = new TreeMap<>();
  private final TreeMap<String, Long> aliases = new TreeMap<>();

  private record Row(
      long offset,
      long version,
      Optional<Long> parent,
      long step,
      long images,
      long timeMs,
      String sha256,
      double windowLoss,
      double windowAccuracy,
      double cumulativeAccuracy,
      long sizeBytes,
      Optional<String> signed,
      boolean retained) {
    Row gone() {
      return new Row(
          offset,
          version,
          parent,
          step,
          images,
          timeMs,
          sha256,
          windowLoss,
          windowAccuracy,
          cumulativeAccuracy,
          sizeBytes,
          signed,
          false);
    }
  }

  /**
   * A panel without versions.
   *
   * @param newest takes the manifest of each version that is higher than all before
   */
  public SnapshotsPanel(String model, Consumer<SnapshotManifest> newest) {
    super("snapshots");
    this.model = model;
    this.newest = newest;
  }

  /** Takes the next record of the topic of snapshots; chunks of tensors are passed over. */
  public void snapshot(ConsumerRecord<byte[], byte[]> record) {
    if (record.key() == null
        || !(SnapshotKey.parse(new String(record.key(), StandardCharsets.UTF_8)).orElse(null)
            instanceof SnapshotKey.Manifest key)
        || !key.model().equals(model)) {
      return;
    }
    if (record.value() == null) {
      remove(key.version());
    } else {
      add(record, SnapshotRecords.open(record.value()));
    }
    changed();
  }

  private synchronized void remove(long version) {
    rows.computeIfPresent(version, (_, row) -> row.gone());
  }

  private void add(ConsumerRecord<byte[], byte[]> record, SnapshotManifest manifest) {
    Header keyId = record.headers().lastHeader(RecordSignatures.KEY_ID_HEADER);
    Row row =
        new Row(
            record.offset(),
            manifest.getVersion(),
            manifest.getParentVersion(),
            manifest.getStep(),
            manifest.getImages(),
            manifest.getObserved().getTimeMs(),
            manifest.getSha256(),
            manifest.getMetrics().getWindowLoss(),
            manifest.getMetrics().getWindowAccuracy(),
            manifest.getMetrics().getCumulativeAccuracy(),
            manifest.getTensors().stream().mapToLong(TensorInfo::getSizeBytes).sum(),
            keyId == null
                ? Optional.empty()
                : Optional.of(new String(keyId.value(), StandardCharsets.UTF_8)),
            true);
    boolean highest;
    synchronized (this) {
      rows.put(row.version(), row);
      highest = rows.lastKey() == row.version();
      if (rows.size() > MAX_VERSIONS) {
        rows.pollFirstEntry();
      }
    }
    if (highest) {
      newest.accept(manifest);
    }
  }

  /** Takes the next record of the topic of aliases. */
  public void alias(ConsumerRecord<byte[], byte[]> record) {
    String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
    if (!key.startsWith(model + "/")) {
      return;
    }
    String name = key.substring(model.length() + 1);
    Optional<ModelAlias> alias =
        Optional.ofNullable(record.value()).map(value -> aliasCodec.decode(value));
    synchronized (this) {
      aliases.remove(name);
      if (alias.isPresent() && aliases.size() < MAX_ALIASES) {
        aliases.put(name, alias.get().getVersion());
      }
    }
    changed();
  }

  /** Where the manifest of a version stands, if the version is still there. */
  public synchronized OptionalLong offset(long version) {
    Row row = rows.get(version);
    return row != null && row.retained() ? OptionalLong.of(row.offset()) : OptionalLong.empty();
  }

  @Override
  synchronized void write(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("versions");
    for (Row row : rows.descendingMap().values()) {
      json.writeStartObject();
      write(json, row);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeObjectFieldStart("aliases");
    for (Map.Entry<String, Long> alias : aliases.entrySet()) {
      json.writeNumberField(alias.getKey(), alias.getValue());
    }
    json.writeEndObject();
  }

  private void write(JsonGenerator json, Row row) throws IOException {
    json.writeNumberField("version", row.version());
    JsonValues.number(json, "parent", row.parent());
    json.writeNumberField("step", row.step());
    json.writeNumberField("images", row.images());
    json.writeNumberField("timeMs", row.timeMs());
    json.writeStringField("sha256", row.sha256());
    JsonValues.number(json, "windowLoss", row.windowLoss());
    JsonValues.number(json, "windowAccuracy", row.windowAccuracy());
    JsonValues.number(json, "cumulativeAccuracy", row.cumulativeAccuracy());
    json.writeNumberField("bytes", row.sizeBytes());
    List<String> names =
        aliases.entrySet().stream()
            .filter(alias -> alias.getValue() == row.version())
            .map(Map.Entry::getKey)
            .toList();
    JsonValues.strings(json, "aliases", names);
    json.writeBooleanField("retained", row.retained());
    JsonValues.text(json, "signed", row.signed());
  }
}
