package io.millrace.topology;

import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.config.TopicNames;
import io.millrace.topology.decode.CommandDecoder;
import io.millrace.topology.decode.ControlTime;
import io.millrace.topology.decode.ImageDecoder;
import io.millrace.topology.learn.CommandProcessor;
import io.millrace.topology.learn.DecodeProcessor;
import io.millrace.topology.learn.LearnProcessor;
import io.millrace.topology.learn.Observer;
import io.millrace.topology.learn.Output.Channel;
import io.millrace.topology.learn.SnapshotArchive;
import io.millrace.topology.replay.TopicArchive;
import io.millrace.topology.state.TrainingStateStore;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The whole topology. Names of nodes are part of what an operator sees, so they are fixed here.
 *
 * <pre>
 *   images  -> decode  -> learn -> metrics, layers, snapshots, journal, acknowledgements, aliases
 *   control -> command --/  |
 *        \--------\---------+--> dead-letters
 * </pre>
 */
public final class MillraceTopology {

  static final String IMAGES = "images";
  static final String CONTROL = "control";
  static final String DECODE = "decode";
  static final String COMMAND = "command";
  static final String LEARN = "learn";
  static final String METRICS = "metrics";
  static final String LAYERS = "layers";
  static final String SNAPSHOTS = "snapshots";
  static final String JOURNAL = "journal";
  static final String DEAD_LETTERS = "dead-letters";
  static final String ACKNOWLEDGEMENTS = "acknowledgements";
  static final String ALIASES = "aliases";
  static final String IDENTITY_STORE = "process-identity";

  private MillraceTopology() {}

  public static Topology build(LearnerConfig config, Observer observer) {
    SnapshotArchive archive = new TopicArchive(StreamsProperties.client(config), config);
    return build(config, observer, TrainingStateStore.builder(), archive);
  }

  /** The same with another builder of the training state's store and another archive. */
  public static Topology build(
      LearnerConfig config,
      Observer observer,
      StoreBuilder<TrainingStateStore> store,
      SnapshotArchive archive) {
    TopicNames topics = config.topics();
    ImageDecoder decoder = new ImageDecoder(config.network(), config.images());
    Map<Channel, String> outputs =
        Map.of(
            Channel.METRICS, METRICS,
            Channel.LAYERS, LAYERS,
            Channel.SNAPSHOTS, SNAPSHOTS,
            Channel.JOURNAL, JOURNAL,
            Channel.DEAD_LETTERS, DEAD_LETTERS,
            Channel.ACKNOWLEDGEMENTS, ACKNOWLEDGEMENTS,
            Channel.ALIASES, ALIASES);
    CommandDecoder commands = new CommandDecoder(config.model(), config.signing().commandKeys());
    var bytesIn = new ByteArrayDeserializer();
    var bytesOut = new ByteArraySerializer();
    return new Topology()
        .addSource(IMAGES, bytesIn, bytesIn, topics.images())
        // What was sent before the first start counts as well.
        .addSource(
            AutoOffsetReset.earliest(),
            CONTROL,
            new ControlTime(),
            bytesIn,
            bytesIn,
            topics.control())
        .addProcessor(
            DECODE, () -> new DecodeProcessor(decoder, LEARN, DEAD_LETTERS, observer), IMAGES)
        .addProcessor(
            COMMAND, () -> new CommandProcessor(commands, LEARN, DEAD_LETTERS, observer), CONTROL)
        .addProcessor(
            LEARN, () -> new LearnProcessor(config, observer, archive, outputs), DECODE, COMMAND)
        .addStateStore(store, DECODE, LEARN)
        // Streams keeps its process id, and with it the transactional id, across restarts only
        // where a store is persistent. This one stays empty.
        .addStateStore(
            Stores.keyValueStoreBuilder(
                    Stores.persistentKeyValueStore(IDENTITY_STORE), Serdes.Bytes(), Serdes.Bytes())
                .withLoggingDisabled(),
            LEARN)
        .addSink(METRICS, topics.metrics(), bytesOut, bytesOut, LEARN)
        .addSink(LAYERS, topics.layers(), bytesOut, bytesOut, LEARN)
        .addSink(SNAPSHOTS, topics.snapshots(), bytesOut, bytesOut, LEARN)
        .addSink(JOURNAL, topics.journal(), bytesOut, bytesOut, LEARN)
        .addSink(DEAD_LETTERS, topics.deadLetters(), bytesOut, bytesOut, DECODE, COMMAND, LEARN)
        .addSink(ACKNOWLEDGEMENTS, topics.acknowledgements(), bytesOut, bytesOut, LEARN)
        .addSink(ALIASES, topics.aliases(), bytesOut, bytesOut, LEARN);
  }
}
