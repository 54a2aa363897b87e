package io.millrace.app.learner;

import io.millrace.topology.StreamsProperties;
import java.util.Map;

/**
 * Why {@link StreamsProperties#defaults} are as they are, by property: what the reference of the
 * configuration says. What a property does is in Kafka's own documentation.
 */
final class KafkaNotes {

  static final Map<String, String> BY_PROPERTY =
      Map.ofEntries(
          Map.entry("application.id", "`millrace-` and the model; names group and changelog"),
          Map.entry("bootstrap.servers", "Also `--bootstrap-servers`"),
          Map.entry(
              "commit.interval.ms",
              "1 s for each 8 MiB of weights and velocities, because a commit sends them all"),
          Map.entry("consumer.auto.offset.reset", "A new learner begins with the oldest image"),
          Map.entry("consumer.heartbeat.interval.ms", "A third of the session"),
          Map.entry(
              "consumer.session.timeout.ms",
              "How long a killed learner's images wait for the next one"),
          Map.entry(
              "default.timestamp.extractor",
              "A record without a time has that of the one before it"),
          Map.entry("ensure.explicit.internal.resource.naming", "No name depends on the topology"),
          Map.entry("group.protocol", "`streams` fails over later"),
          Map.entry("max.task.idle.ms", "A command does not wait for images"),
          Map.entry("num.stream.threads", "One task: more would have nothing to do"),
          Map.entry("processing.guarantee", "Nothing else is accepted"),
          Map.entry("producer.buffer.memory", "Room for twice the state, at least 32 MiB"),
          Map.entry("producer.max.request.size", "Any picture may become a dead letter"),
          Map.entry("state.dir", "A few kilobytes; each instance on a machine needs its own"));

  private KafkaNotes() {}
}
