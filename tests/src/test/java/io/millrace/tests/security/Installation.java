package io.millrace.tests.security;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.provider.FileConfigProvider;

/**
 * One learner's topics and one program's login, written down as a user does: in {@code
 * millrace.yaml} and, for {@code produce}, in a properties file.
 *
 * @param name of the topics and the application
 */
record Installation(Path folder, String name) {

  static final int BATCH = 8;

  /** Writes the files for a program that logs in this way. */
  static Installation write(Path parent, String name, String user, Map<String, String> kafka) {
    Installation installation = new Installation(parent.resolve(name + "-" + user), name);
    try {
      Files.createDirectories(installation.folder);
      Files.writeString(installation.yaml(), installation.yamlText(kafka));
      Files.writeString(
          installation.properties(),
          kafka.entrySet().stream()
              .map(setting -> setting.getKey() + "=" + setting.getValue() + "\n")
              .collect(Collectors.joining()));
      return installation;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the settings of " + user, e);
    }
  }

  /** Settings that take the password out of a file, by Kafka's own means. */
  static Map<String, String> secretFile() {
    return Map.of(
        "config.providers",
        "file",
        "config.providers.file.class",
        FileConfigProvider.class.getName());
  }

  private String yamlText(Map<String, String> kafka) {
    StringBuilder yaml =
        new StringBuilder(
            """
            model: secured
            network: lenet5
            topics:
              images: NAME.images
              metrics: NAME.metrics
              layers: NAME.layers
              snapshots: NAME.snapshots
              deadLetters: NAME.dead-letters
              journal: NAME.journal
              control: NAME.control
              acknowledgements: NAME.acknowledgements
              aliases: NAME.aliases
            guards: {sigmas: 0}
            minibatch: {size: BATCH}
            snapshots: {everySteps: 2, everySeconds: 0}
            metrics: {layersEverySteps: 2}
            threads: 1
            kafka:
              application.id: NAME
              commit.interval.ms: 100
              consumer.session.timeout.ms: 2000
              consumer.heartbeat.interval.ms: 500
            """
                .replace("NAME", name)
                .replace("BATCH", Integer.toString(BATCH)));
    yaml.append("  state.dir: '").append(stateFolder()).append("'\n");
    kafka.forEach(
        (key, value) -> yaml.append("  ").append(key).append(": '").append(value).append("'\n"));
    return yaml.toString();
  }

  String images() {
    return name + ".images";
  }

  String control() {
    return name + ".control";
  }

  Path stateFolder() {
    return folder.resolve("state");
  }

  private Path yaml() {
    return folder.resolve("millrace.yaml");
  }

  private Path properties() {
    return folder.resolve("client.properties");
  }

  /** The arguments of a command that reads this installation's {@code millrace.yaml}. */
  List<String> command(String command, String... more) {
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.addAll(List.of(more));
    // Behind the names of commands within commands.
    arguments.addAll(List.of("-c", yaml().toString()));
    return arguments;
  }

  List<String> train() {
    return command("train", "--progress-seconds", "1");
  }

  List<String> consume() {
    return command("consume", "--once", "--timeout", "60");
  }

  /** Sends some images of the bundled sample. */
  List<String> produce(int images, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "produce",
                "--dataset",
                "fashion-mnist-sample",
                "--limit",
                Integer.toString(images),
                "--topic",
                images(),
                "--kafka-config",
                properties().toString()));
    arguments.addAll(List.of(more));
    return arguments;
  }

  /** The commands that {@code ./millrace acls} prints for a program. */
  String acls(String role, String principal, String... more) {
    List<String> arguments =
        new ArrayList<>(
            command("acls", "--role", role, "--principal", principal, "--format", "kafka-acls"));
    arguments.addAll(List.of(more));
    return CommandRun.succeed(arguments);
  }
}
