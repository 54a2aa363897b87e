package io.millrace.topology;

import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.learn.Observer;
import io.millrace.topology.state.TrainingStateStore;
import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyDescription;

/**
 * What a learner touches on a cluster, under the names that Kafka knows it by. Read from the
 * topology itself, so a topic that is added there is here as well.
 *
 * @param reads topics that it reads
 * @param writes topics that it writes
 * @param changelog the topic that Kafka Streams keeps the training state in
 * @param group the consumer group
 * @param transactionalIdPrefix what each transactional id begins with; a process id and the number
 *     of a thread follow, which nobody knows beforehand
 */
public record LearnerResources(
    Set<String> reads,
    Set<String> writes,
    String changelog,
    String group,
    String transactionalIdPrefix) {

  public static LearnerResources of(LearnerConfig config) {
    SortedSet<String> reads = new TreeSet<>();
    SortedSet<String> writes = new TreeSet<>();
    TopologyDescription topology = MillraceTopology.build(config, new Observer() {}).describe();
    for (TopologyDescription.Subtopology part : topology.subtopologies()) {
      for (TopologyDescription.Node node : part.nodes()) {
        if (node instanceof TopologyDescription.Source source) {
          reads.addAll(source.topicSet());
        } else if (node instanceof TopologyDescription.Sink sink) {
          writes.add(sink.topic());
        }
      }
    }
    String application =
        StreamsProperties.of(config).getProperty(StreamsConfig.APPLICATION_ID_CONFIG);
    return new LearnerResources(
        Collections.unmodifiableSortedSet(reads),
        Collections.unmodifiableSortedSet(writes),
        application + "-" + TrainingStateStore.NAME + "-changelog",
        application,
        application + "-");
  }
}
