package io.millrace.topology;

import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.learn.Observer;
import io.millrace.topology.state.TrainingStateStore;
import java.util.List;
import java.util.Set;

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
    StreamsResources resources =
        StreamsResources.of(
            MillraceTopology.build(config, new Observer() {}),
            StreamsProperties.of(config),
            List.of(TrainingStateStore.NAME));
    return new LearnerResources(
        resources.reads(),
        resources.writes(),
        resources.changelogs().getFirst(),
        resources.group(),
        resources.transactionalIdPrefix());
  }
}
