package io.millrace.app.snapshot;

import io.millrace.ModelAlias;
import io.millrace.schemas.AvroCodec;
import io.millrace.schemas.InvalidRecordException;
import io.millrace.topology.replay.TopicReader;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The names that stand for versions of one model, as they are now. */
final class Aliases {
  private final SortedMap<String, ModelAlias> aliases = new TreeMap<>();

  private Aliases() {}

  /** Reads the topic of aliases; where there is none, there are no aliases. */
  static Aliases read(Map<String, String> client, String topic, String model) {
    Aliases aliases = new Aliases();
    AvroCodec<ModelAlias> codec = AvroCodec.of(ModelAlias.class);
    try (TopicReader reader = new TopicReader(client, topic)) {
      if (reader.exists()) {
        reader.read(
            reader.first(),
            record -> {
              aliases.add(record, model, codec);
              return true;
            });
      }
    }
    return aliases;
  }

  private void add(
      ConsumerRecord<byte[], byte[]> record, String model, AvroCodec<ModelAlias> codec) {
    String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
    if (!key.startsWith(model + "/")) {
      return;
    }
    String name = key.substring(model.length() + 1);
    aliases.remove(name);
    if (record.value() != null) {
      try {
        aliases.put(name, codec.decode(record.value()));
      } catch (InvalidRecordException e) {
        throw new SnapshotException(
            "alias " + name + ": " + e.getMessage() + "; set it again to replace the record", e);
      }
    }
  }

  Optional<ModelAlias> find(String name) {
    return Optional.ofNullable(aliases.get(name));
  }

  /** The aliases of a version, sorted. */
  List<String> of(long version) {
    return aliases.entrySet().stream()
        .filter(entry -> entry.getValue().getVersion() == version)
        .map(Map.Entry::getKey)
        .toList();
  }

  SortedMap<String, ModelAlias> all() {
    return Collections.unmodifiableSortedMap(aliases);
  }
}
