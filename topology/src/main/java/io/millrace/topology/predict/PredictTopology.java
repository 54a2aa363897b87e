package io.millrace.topology.predict;

import io.millrace.topology.config.PredictConfig;
import io.millrace.topology.config.PredictTopics;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.Stores;

/**
 * The topology that predicts. It keeps nothing, so that partitions may be many and move freely.
 *
 * <pre>
 *   unlabeled -> predict -> predictions
 *                       \-> dead-letters
 * </pre>
 */
public final class PredictTopology {

  static final String UNLABELED = "unlabeled";
  static final String PREDICT = "predict";
  static final String PREDICTIONS = "predictions";
  static final String DEAD_LETTERS = "dead-letters";
  static final String IDENTITY_STORE = "process-identity";

  private PredictTopology() {}

  /**
   * Builds it.
   *
   * @param models has a snapshot before the first image comes
   */
  public static Topology build(PredictConfig config, NewestModel models, PredictMeters meters) {
    PredictTopics topics = config.topics();
    var bytesIn = new ByteArrayDeserializer();
    var bytesOut = new ByteArraySerializer();
    return new Topology()
        .addSource(UNLABELED, bytesIn, bytesIn, topics.unlabeled())
        .addProcessor(PREDICT, () -> new PredictProcessor(models, meters), UNLABELED)
        // Streams keeps its process id, and with it the transactional ids, across restarts only
        // where a store is persistent: else readers would wait for a killed program's last
        // transaction to time out. This one stays empty.
        .addStateStore(
            Stores.keyValueStoreBuilder(
                    Stores.persistentKeyValueStore(IDENTITY_STORE), Serdes.Bytes(), Serdes.Bytes())
                .withLoggingDisabled(),
            PREDICT)
        .addSink(PREDICTIONS, topics.predictions(), bytesOut, bytesOut, PREDICT)
        .addSink(DEAD_LETTERS, topics.deadLetters(), bytesOut, bytesOut, PREDICT);
  }
}
