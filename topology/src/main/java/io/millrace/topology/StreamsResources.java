package io.millrace.topology;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.topology.config.LabelJoinConfig;
import io.millrace.topology.config.PredictConfig;
import io.millrace.topology.labels.LabelJoinMeters;
import io.millrace.topology.labels.LabelJoinTopology;
import io.millrace.topology.predict.NewestModel;
import io.millrace.topology.predict.PredictMeters;
import io.millrace.topology.predict.PredictTopology;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyDescription;

/**
 * What a program on Kafka Streams touches on a cluster, under the names that Kafka knows it by.
 * Read from the topology itself, so a topic that is added there is here as well.
 *
 * @param reads topics that it reads
 * @param writes topics that it writes
 * @param changelogs the topics that Kafka Streams keeps the program's state in
 * @param group the consumer group
 * @param transactionalIdPrefix what each transactional id begins with; a process id and the number
 *     of a thread follow, which nobody knows beforehand
 */
public record StreamsResources(
    Set<String> reads,
    Set<String> writes,
    List<String> changelogs,
    String group,
    String transactionalIdPrefix) {

  public static StreamsResources of(PredictConfig config) {
    PredictMeters meters = new PredictMeters(new SimpleMeterRegistry());
    Topology topology = PredictTopology.build(config, new NewestModel(config), meters);
    return of(topology, StreamsProperties.of(config), List.of());
  }

  public static StreamsResources of(LabelJoinConfig config) {
    Topology topology =
        LabelJoinTopology.build(config, new LabelJoinMeters(new SimpleMeterRegistry()));
    return of(topology, StreamsProperties.of(config), LabelJoinTopology.loggedStores());
  }

  static StreamsResources of(Topology topology, Properties properties, List<String> loggedStores) {
    SortedSet<String> reads = new TreeSet<>();
    SortedSet<String> writes = new TreeSet<>();
    for (TopologyDescription.Subtopology part : topology.describe().subtopologies()) {
      for (TopologyDescription.Node node : part.nodes()) {
        if (node instanceof TopologyDescription.Source source) {
          reads.addAll(source.topicSet());
        } else if (node instanceof TopologyDescription.Sink sink) {
          writes.add(sink.topic());
        }
      }
    }
    String application = properties.getProperty(StreamsConfig.APPLICATION_ID_CONFIG);
    return new StreamsResources(
        Collections.unmodifiableSortedSet(reads),
        Collections.unmodifiableSortedSet(writes),
        loggedStores.stream().map(store -> application + "-" + store + "-changelog").toList(),
        application,
        application + "-");
  }
}
