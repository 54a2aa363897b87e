package io.millrace.topology.labels;

import io.millrace.topology.config.LabelJoinConfig;
import io.millrace.topology.config.LabelJoinTopics;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;

/**
 * The topology that joins images and labels that come later, by id. The topics of both have as many
 * partitions and are keyed by id, so that an image and its label are one task's.
 *
 * <pre>
 *   unlabeled \             /-> images
 *              -> join ----+
 *      labels /             \-> dead-letters
 * </pre>
 */
public final class LabelJoinTopology {

  static final String UNLABELED = "unlabeled";
  static final String LABELS = "labels";
  static final String JOIN = "join";
  static final String IMAGES = "images";
  static final String DEAD_LETTERS = "dead-letters";

  /** A label is a few numbers and names. */
  private static final int MAX_LABEL_BYTES = 64 << 10;

  private LabelJoinTopology() {}

  /** The stores whose changelogs Kafka Streams makes. */
  public static List<String> loggedStores() {
    return List.of(JoinMemory.ENTRIES, JoinMemory.DEADLINES);
  }

  /** The settings of each changelog. */
  public static Map<String, String> changelogSettings() {
    return JoinMemory.changelog();
  }

  public static Topology build(LabelJoinConfig config, LabelJoinMeters meters) {
    LabelJoinTopics topics = config.topics();
    var key = new ByteArrayDeserializer();
    var bytesOut = new ByteArraySerializer();
    Topology topology =
        new Topology()
            .addSource(
                AutoOffsetReset.earliest(),
                UNLABELED,
                new EventTime(),
                key,
                ArrivalDeserializer.images(config.maxRecordBytes()),
                topics.unlabeled())
            .addSource(
                AutoOffsetReset.earliest(),
                LABELS,
                new EventTime(),
                key,
                ArrivalDeserializer.labels(MAX_LABEL_BYTES),
                topics.labels())
            .addProcessor(JOIN, () -> new LabelJoinProcessor(config, meters), UNLABELED, LABELS);
    JoinMemory.stores().forEach(store -> topology.addStateStore(store, JOIN));
    return topology
        .addSink(IMAGES, topics.images(), bytesOut, bytesOut, JOIN)
        .addSink(DEAD_LETTERS, topics.deadLetters(), bytesOut, bytesOut, JOIN);
  }
}
