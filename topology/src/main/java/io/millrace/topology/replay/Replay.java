package io.millrace.topology.replay;

import io.millrace.JournalEntry;
import io.millrace.SnapshotManifest;
import io.millrace.SourceRange;
import io.millrace.schemas.AvroCodec;
import io.millrace.schemas.SnapshotKey;
import io.millrace.schemas.SnapshotRecords;
import io.millrace.serving.AssemblyResult;
import io.millrace.serving.Snapshot;
import io.millrace.serving.SnapshotAssembler;
import io.millrace.serving.SubscriberConfig;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.decode.Decoded;
import io.millrace.topology.decode.DecodedImage;
import io.millrace.topology.decode.ImageDecoder;
import io.millrace.topology.decode.RecordTime;
import io.millrace.topology.learn.Commands;
import io.millrace.topology.learn.KeyedBytes;
import io.millrace.topology.learn.Observer;
import io.millrace.topology.learn.Output.Channel;
import io.millrace.topology.learn.TrainingSession;
import io.millrace.topology.state.TrainingCheckpoint;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Learns a version of a model once more, from its first image on, and compares. It writes to no
 * topic and joins no group.
 */
public final class Replay {

  /**
   * Two manifests of one version.
   *
   * @param published as it stands on the topic
   * @param rebuilt as the images and the journal give it now
   */
  public record Result(SnapshotManifest published, SnapshotManifest rebuilt) {

    /** Whether weights, step, images and metrics are the same to the bit. */
    public boolean equal() {
      return published.getSha256().equals(rebuilt.getSha256())
          && published.getStep() == rebuilt.getStep()
          && published.getImages() == rebuilt.getImages()
          && published.getMetrics().equals(rebuilt.getMetrics());
    }
  }

  private final LearnerConfig config;
  private final Map<String, String> client;
  private final Observer observer;

  /**
   * A replay.
   *
   * @param client properties of a Kafka client: address and security
   * @param observer watches it
   */
  public Replay(LearnerConfig config, Map<String, String> client, Observer observer) {
    this.config = config;
    this.client = Map.copyOf(client);
    this.observer = observer;
  }

  /**
   * Rebuilds a version.
   *
   * @throws ReplayException if it, its images or its journal are not there any more, or the
   *     configuration is another
   */
  public Result run(long version) {
    SnapshotManifest published = published(version);
    if (published.getProvenance().getSources().size() != 1) {
      throw new ReplayException(
          "version "
              + version
              + ": expected images of one partition, got "
              + published.getProvenance().getSources());
    }
    try (Rebuild rebuild = new Rebuild(new JournalScript(journal()), version)) {
      rebuild.read(published.getProvenance().getSources().getFirst());
      return new Result(published, rebuild.found());
    }
  }

  private SnapshotManifest published(long version) {
    PublishedVersions versions;
    try (TopicReader reader = new TopicReader(client, config.topics().snapshots())) {
      versions = PublishedVersions.read(reader, config.model());
    }
    return versions
        .find(version)
        .map(PublishedVersions.Published::open)
        .orElseThrow(() ->
            new ReplayException(
                "version "
                    + version
                    + " of model "
                    + config.model()
                    + ": expected it in "
                    + config.topics().snapshots()
                    + ", got only versions "
                    + versions.versions()));
  }

  private List<JournalEntry> journal() {
    AvroCodec<JournalEntry> codec = AvroCodec.of(JournalEntry.class);
    List<JournalEntry> entries = new ArrayList<>();
    try (TopicReader reader = new TopicReader(client, config.topics().journal())) {
      reader.read(
          reader.first(),
          record -> {
            JournalEntry entry = codec.decode(record.value());
            if (entry.getModel().equals(config.model())) {
              entries.add(entry);
            }
            return true;
          });
    }
    return entries;
  }

  /** One pass over the images. */
  private final class Rebuild implements AutoCloseable {

    private final AvroCodec<JournalEntry> journalCodec = AvroCodec.of(JournalEntry.class);
    private final ImageDecoder decoder = new ImageDecoder(config.network(), config.images());
    private final JournalScript script;
    private final long version;
    private final TrainingSession session;
    private final Commands commands;
    private final Set<Long> rollBacks;
    private final Map<Long, Snapshot> rebuilt = new TreeMap<>();
    private final SnapshotAssembler assembler =
        new SnapshotAssembler(
            Optional.of(config.model()), SubscriberConfig.DEFAULT_MAX_SNAPSHOT_BYTES);
    private @Nullable SnapshotManifest found;
    private long latestMs = -1;

    Rebuild(JournalScript script, long version) {
      this.script = script;
      this.version = version;
      session = new TrainingSession(config, new TrainingCheckpoint(), observer, this::take);
      commands =
          new Commands(
              config,
              session,
              wanted -> Optional.ofNullable(rebuilt.get(wanted)),
              observer,
              this::take);
      rollBacks = script.rollBacks();
    }

    void read(SourceRange source) {
      try (TopicReader reader = new TopicReader(client, source.getTopic())) {
        if (reader.first() > source.getFirstOffset()) {
          throw new ReplayException(
              "topic "
                  + source.getTopic()
                  + ": expected images from offset "
                  + source.getFirstOffset()
                  + " on, got only those from "
                  + reader.first()
                  + " on; what retention has deleted cannot be learned again");
        }
        reader.read(source.getFirstOffset(), this::add);
      }
    }

    private boolean add(ConsumerRecord<byte[], byte[]> record) {
      long timestamp = RecordTime.of(record.timestamp(), latestMs);
      latestMs = Math.max(latestMs, timestamp);
      switch (decoder.decode(record.value())) {
        case Decoded.Rejected _ -> session.progress().countRejected();
        case Decoded.Accepted image when image.heldOut() -> {}
        case Decoded.Accepted image -> {
          play();
          session.add(
              DecodedImage.of(
                  image, timestamp, record.topic(), record.partition(), record.offset()));
          play();
        }
      }
      return found == null;
    }

    /** One call at a time: there is nothing to be played behind the version. */
    private void play() {
      session.trainFull();
      while (found == null && script.playNext(session, commands)) {
        // Everything that is due here.
      }
    }

    private void take(Channel channel, KeyedBytes record) {
      byte[] value = record.value();
      if (value == null) {
        return;
      }
      switch (channel) {
        case JOURNAL -> script.written(journalCodec.decode(value));
        case SNAPSHOTS -> {
          String key = new String(record.key(), StandardCharsets.UTF_8);
          if (key.equals(new SnapshotKey.Manifest(config.model(), version).text())) {
            found = SnapshotRecords.open(value);
          }
          keep(key, record.key(), value);
        }
        case METRICS, LAYERS, DEAD_LETTERS, ACKNOWLEDGEMENTS, ALIASES -> {}
      }
    }

    /** What is rolled back to later may have been retired from the topic since. */
    private void keep(String text, byte[] key, byte[] value) {
      boolean wanted =
          SnapshotKey.parse(text).filter(each -> rollBacks.contains(each.version())).isPresent();
      if (wanted && assembler.accept(key, value) instanceof AssemblyResult.Assembled assembled) {
        rebuilt.put(assembled.snapshot().version(), assembled.snapshot());
      }
    }

    SnapshotManifest found() {
      if (found == null) {
        throw new ReplayException(
            "version "
                + version
                + ": the images end after step "
                + session.step()
                + ", before it was published");
      }
      return found;
    }

    @Override
    public void close() {
      session.close();
    }
  }
}
