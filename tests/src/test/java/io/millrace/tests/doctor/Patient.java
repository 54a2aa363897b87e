package io.millrace.tests.doctor;

import io.millrace.app.data.FashionMnist;
import io.millrace.tests.support.Cluster;
import io.millrace.topology.config.TopicNames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A learner's configuration in a file, with topics of its own on a cluster.
 *
 * @param name of the model, the application and the topics
 */
record Patient(Path folder, String name, TopicNames topics, String bootstrapServers) {

  /** One whose topics are as they have to be, with images in theirs. */
  static Patient healthy(Cluster cluster, Path parent) {
    String name = cluster.newRun("doctor");
    return new Patient(
        parent.resolve(name),
        name,
        cluster.createOutputs(name, cluster.createImages(name)),
        cluster.bootstrapServers());
  }

  /** One without any topics. */
  static Patient withoutTopics(Cluster cluster, Path parent) {
    String name = cluster.newRun("doctor");
    return new Patient(
        parent.resolve(name),
        name,
        Cluster.topics(name, name + ".images"),
        cluster.bootstrapServers());
  }

  Patient at(String otherServers) {
    return new Patient(folder, name, topics, otherServers);
  }

  Path stateFolder() {
    return folder.resolve("state");
  }

  /** The doctor's arguments, with the configuration written down. */
  List<String> arguments(String... more) {
    List<String> arguments = new ArrayList<>(List.of("-c", write("").toString()));
    arguments.addAll(List.of(more));
    return arguments;
  }

  Path write(String yaml) {
    try {
      Files.createDirectories(folder);
      return Files.writeString(folder.resolve("millrace.yaml"), yaml() + yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String yaml() {
    return """
    model: NAME
    network: lenet5
    threads: 1
    topics:
      images: IMAGES
      metrics: NAME.metrics
      layers: NAME.layers
      snapshots: NAME.snapshots
      deadLetters: NAME.dead-letters
      journal: NAME.journal
      control: NAME.control
      acknowledgements: NAME.acknowledgements
      aliases: NAME.aliases
    images: {mean: [0.286], std: [0.353], classNames: [CLASSES]}
    snapshots: {everySteps: 2, everySeconds: 0}
    minibatch: {size: 8}
    kafka:
      bootstrap.servers: SERVERS
      application.id: NAME
      state.dir: STATE
      commit.interval.ms: 100
      consumer.session.timeout.ms: 2000
      consumer.heartbeat.interval.ms: 500
    """
        .replace("IMAGES", topics.images())
        .replace("NAME", name)
        .replace("CLASSES", String.join(", ", FashionMnist.CLASS_NAMES))
        .replace("SERVERS", bootstrapServers)
        .replace("STATE", stateFolder().toString());
  }
}
