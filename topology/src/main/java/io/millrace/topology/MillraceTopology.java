package io.millrace.topology;

import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.config.TopicNames;
import io.millrace.topology.decode.ImageDecoder;
import io.millrace.topology.learn.DecodeProcessor;
import io.millrace.topology.learn.LearnProcessor;
import io.millrace.topology.learn.Observer;
import io.millrace.topology.learn.Output.Channel;
import io.millrace.topology.state.TrainingStateStore;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The whole topology. Names of nodes are part of what an operator sees, so they are fixed here.
 *
 * <pre>
 *   images -> decode -> learn -> metrics
 *                 \         |\-> snapshots
 *                  \        |\-> journal
 *                   \-------+--> dead-letters
 * </pre>
 */
public final class MillraceTopology {

  static final String IMAGES = "images";
  static final String DECODE = "decode";
  static final String LEARN = "learn";
  static final String METRICS = "metrics";
  static final String SNAPSHOTS = "snapshots";
  static final String JOURNAL = "journal";
  static final String DEAD_LETTERS = "dead-letters";
  static final String IDENTITY_STORE = "process-identity";

  private MillraceTopology() {}

  public static Topology build(LearnerConfig config, Observer observer) {
    return build(config, observer, TrainingStateStore.builder());
  }

  /** The same with another builder of the training state's store. */
  public static Topology build(
      LearnerConfig config, Observer observer, StoreBuilder<TrainingStateStore> store) {
    TopicNames topics = config.topics();
    ImageDecoder decoder = new ImageDecoder(config.network(), config.images());
    Map<Channel, String> outputs =
        Map.of(
            Channel.METRICS, METRICS,
            Channel.SNAPSHOTS, SNAPSHOTS,
            Channel.JOURNAL, JOURNAL,
            Channel.DEAD_LETTERS, DEAD_LETTERS);
    var bytesIn = new ByteArrayDeserializer();
    var bytesOut = new ByteArraySerializer();
    return new Topology()
        .addSource(IMAGES, bytesIn, bytesIn, topics.images())
        .addProcessor(DECODE, () -> new DecodeProcessor(decoder, LEARN, DEAD_LETTERS), IMAGES)
        .addProcessor(LEARN, () -> new LearnProcessor(config, observer, outputs), DECODE)
        .addStateStore(store, DECODE, LEARN)
        // Streams keeps its process id, and with it the transactional id, across restarts only
        // where a store is persistent. This one stays empty.
        .addStateStore(
            Stores.keyValueStoreBuilder(
                    Stores.persistentKeyValueStore(IDENTITY_STORE), Serdes.Bytes(), Serdes.Bytes())
                .withLoggingDisabled(),
            LEARN)
        .addSink(METRICS, topics.metrics(), bytesOut, bytesOut, LEARN)
        .addSink(SNAPSHOTS, topics.snapshots(), bytesOut, bytesOut, LEARN)
        .addSink(JOURNAL, topics.journal(), bytesOut, bytesOut, LEARN)
        .addSink(DEAD_LETTERS, topics.deadLetters(), bytesOut, bytesOut, DECODE, LEARN);
  }
}
