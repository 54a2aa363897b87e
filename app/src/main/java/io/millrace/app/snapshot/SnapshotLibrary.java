package io.millrace.app.snapshot;

import io.millrace.ModelAlias;
import io.millrace.SnapshotManifest;
import io.millrace.app.access.Refusals;
import io.millrace.app.learner.ConfigOptions;
import io.millrace.app.learner.KafkaClients;
import io.millrace.schemas.InvalidRecordException;
import io.millrace.schemas.SnapshotKey;
import io.millrace.serving.AssemblyResult;
import io.millrace.serving.Snapshot;
import io.millrace.serving.SnapshotAssembler;
import io.millrace.serving.SubscriberConfig;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.replay.PublishedVersions;
import io.millrace.topology.replay.PublishedVersions.Published;
import io.millrace.topology.replay.TopicReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.TopicAuthorizationException;

/** The snapshots of one model on its topic, found by their versions and aliases. */
public final class SnapshotLibrary {
  /** The newest version's name, beside its number. */
  static final String NEWEST = "newest";

  private static final int MAX_NAMED = 20;

  private final Map<String, String> client;
  private final String topic;
  private final String model;
  private final PublishedVersions published;
  private final Aliases aliases;

  private SnapshotLibrary(LearnerConfig config) {
    client = KafkaClients.properties(config.kafka());
    topic = config.topics().snapshots();
    model = config.model();
    published = reading(topic, () -> publishedVersions(client, topic, model));
    String aliasTopic = config.topics().aliases();
    aliases = reading(aliasTopic, () -> Aliases.read(client, aliasTopic, model));
    if (published.versions().isEmpty()) {
      throw new SnapshotException(
          "model "
              + model
              + ": expected a snapshot in topic "
              + topic
              + ", got "
              + (published.models().isEmpty()
                  ? "none of any model"
                  : "only those of " + published.models() + "; name one with --set model=NAME"));
    }
  }

  /**
   * Reads which versions and aliases there are.
   *
   * @throws SnapshotException if there are none
   */
  static SnapshotLibrary open(ConfigOptions options) {
    return of(options.load().config());
  }

  /**
   * Reads which versions and aliases there are of a configuration's model.
   *
   * @throws SnapshotException if there are none
   */
  public static SnapshotLibrary of(LearnerConfig config) {
    return new SnapshotLibrary(config);
  }

  String model() {
    return model;
  }

  String topic() {
    return topic;
  }

  PublishedVersions published() {
    return published;
  }

  Aliases aliases() {
    return aliases;
  }

  /**
   * The manifest record that a name stands for.
   *
   * @param name a version's number, {@code newest} or an alias
   * @throws SnapshotException naming what there is, if there is no such version
   */
  Published find(String name) {
    if (name.equals(NEWEST)) {
      return published.manifests().lastEntry().getValue();
    }
    if (name.matches("[0-9]{1,12}")) {
      return published.find(Long.parseLong(name)).orElseThrow(() -> missing("version " + name));
    }
    ModelAlias alias = aliases.find(name).orElseThrow(() -> missing("alias " + name));
    String described = "version " + alias.getVersion() + ", which alias " + name + " stands for";
    Published found = published.find(alias.getVersion()).orElseThrow(() -> missing(described));
    String sha256 = manifest(found).getSha256();
    if (!sha256.equals(alias.getSha256())) {
      throw new SnapshotException(
          described
              + ": expected weights with SHA-256 "
              + alias.getSha256()
              + ", got "
              + sha256
              + "; the version was published again, set the alias again");
    }
    return found;
  }

  /**
   * A manifest, read.
   *
   * @throws SnapshotException if it cannot be read
   */
  SnapshotManifest manifest(Published record) {
    try {
      return record.open();
    } catch (InvalidRecordException e) {
      throw new SnapshotException(
          "version " + record.version() + " of model " + model + ": " + e.getMessage(), e);
    }
  }

  /**
   * A snapshot that passed every check.
   *
   * @throws SnapshotException if it does not
   */
  Snapshot snapshot(String name) {
    Published record = find(name);
    return switch (assemble(Set.of(record.version())).get(record.version())) {
      case AssemblyResult.Assembled assembled -> assembled.snapshot();
      case AssemblyResult.Rejected rejected ->
          throw new SnapshotException(
              rejected + "; ./millrace snapshot verify --all tells which versions are good");
      case null, default ->
          throw new SnapshotException(
              "version " + record.version() + ": expected its manifest, got none any more");
    };
  }

  /** What becomes of some versions' records, as a subscriber judges them; one pass. */
  public Map<Long, AssemblyResult> assemble(Set<Long> versions) {
    Map<Long, AssemblyResult> results = new TreeMap<>();
    Map<Long, SnapshotAssembler> assemblers = new HashMap<>();
    reading(
        topic,
        () -> {
          try (TopicReader reader = new TopicReader(client, topic)) {
            reader.read(
                reader.first(),
                record -> {
                  SnapshotKey key = key(record).orElse(null);
                  if (key != null
                      && key.model().equals(model)
                      && versions.contains(key.version())) {
                    accept(key, record, assemblers, results);
                  }
                  return true;
                });
          }
          return results;
        });
    return results;
  }

  private void accept(
      SnapshotKey key,
      ConsumerRecord<byte[], byte[]> record,
      Map<Long, SnapshotAssembler> assemblers,
      Map<Long, AssemblyResult> results) {
    SnapshotAssembler assembler =
        assemblers.computeIfAbsent(
            key.version(),
            _ ->
                new SnapshotAssembler(
                    Optional.of(model), SubscriberConfig.DEFAULT_MAX_SNAPSHOT_BYTES));
    AssemblyResult result = assembler.accept(record.key(), record.value());
    if (key instanceof SnapshotKey.Manifest) {
      results.put(key.version(), result);
      // Should the version come once more, it is judged anew.
      assemblers.remove(key.version());
    } else if (result instanceof AssemblyResult.Rejected) {
      results.putIfAbsent(key.version(), result);
    }
  }

  private static Optional<SnapshotKey> key(ConsumerRecord<byte[], byte[]> record) {
    return record.key() == null
        ? Optional.empty()
        : SnapshotKey.parse(new String(record.key(), StandardCharsets.UTF_8));
  }

  private static PublishedVersions publishedVersions(
      Map<String, String> client, String topic, String model) {
    try (TopicReader reader = new TopicReader(client, topic)) {
      if (!reader.exists()) {
        throw new SnapshotException(
            "topic "
                + topic
                + ": expected it to be there, and the right to READ it, got none; set"
                + " topics.snapshots");
      }
      return PublishedVersions.read(reader, model);
    }
  }

  private static <T> T reading(String topic, Supplier<T> read) {
    try {
      return read.get();
    } catch (TopicAuthorizationException e) {
      throw new SnapshotException(Refusals.topic(topic, AclOperation.READ), e);
    }
  }

  private SnapshotException missing(String what) {
    String versions =
        published.versions().reversed().stream()
            .limit(MAX_NAMED)
            .map(String::valueOf)
            .collect(Collectors.joining(", "));
    if (published.versions().size() > MAX_NAMED) {
      versions += ", ... (" + published.versions().size() + " in all)";
    }
    return new SnapshotException(
        what
            + " of model "
            + model
            + ": expected it in topic "
            + topic
            + ", got versions "
            + versions
            + (aliases.all().isEmpty() ? " and no alias" : " and aliases " + names()));
  }

  private String names() {
    return aliases.all().entrySet().stream()
        .map(entry -> entry.getKey() + " = " + entry.getValue().getVersion())
        .collect(Collectors.joining(", "));
  }
}
