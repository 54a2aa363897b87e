package io.millrace.app.doctor;

import io.millrace.app.access.Acl;
import io.millrace.app.access.Creates;
import io.millrace.app.access.RequiredAcls;
import io.millrace.app.access.Role;
import io.millrace.app.learner.ConfigOptions.Examined;
import io.millrace.app.learner.DownstreamTopics;
import io.millrace.app.learner.KafkaClients;
import io.millrace.app.learner.LearnerConfigFile.Loaded;
import io.millrace.app.learner.LearnerTopics;
import io.millrace.app.produce.TopicSpec;
import io.millrace.model.spec.NetworkParameters;
import io.millrace.topology.StreamsProperties;
import io.millrace.topology.config.LearnerConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Makes the checks that one program needs, from those that need nothing to those of the cluster.
 */
final class Doctor {

  /** A weight and its velocity. */
  private static final long PARAMETER_BYTES = 2 * Float.BYTES;

  /**
   * What to look at beside the configuration.
   *
   * @param dataset empty for none
   * @param ports that programs of this machine are to listen at
   */
  record Options(Role role, Optional<String> dataset, List<Integer> ports) {
    Options {
      ports = List.copyOf(ports);
    }
  }

  private final Examined examined;
  private final String source;
  private final Options options;
  private final Consumer<Finding> listener;
  private final List<Finding> findings = new ArrayList<>();

  /**
   * A doctor for one program.
   *
   * @param source where the configuration comes from, for people
   * @param listener told of each finding as it is made
   */
  Doctor(Examined examined, String source, Options options, Consumer<Finding> listener) {
    this.examined = examined;
    this.source = source;
    this.options = options;
    this.listener = listener;
  }

  /** Looks at everything, which takes a few seconds. */
  List<Finding> examine() {
    try (ClientLog log = new ClientLog()) {
      look(new JavaCheck());
      look(new KernelsCheck());
      look(new ConfigurationCheck(examined, source));
      examined.loaded().ifPresent(this::machine);
      Optional<Loaded> usable = examined.loaded().filter(this::isUsable);
      if (usable.isPresent()) {
        cluster(usable.get(), log);
      } else {
        add(
            new Finding.Unknown(
                "the rest", "what it is to be is not known without a configuration"));
      }
    }
    return List.copyOf(findings);
  }

  private void machine(Loaded loaded) {
    LearnerConfig config = loaded.config();
    if (options.role() == Role.LEARNER || options.role() == Role.REPLAY) {
      look(new ProcessorsCheck(config.threads()));
      look(new MemoryCheck(config));
    }
    if (usesStreams()) {
      look(new NativeLibrariesCheck());
      if (isUsable(loaded)) {
        look(stateFolder(loaded));
      }
    }
    options.dataset().ifPresent(dataset -> look(new DatasetCheck(dataset, config.network())));
    options.ports().forEach(port -> look(new PortCheck(port)));
  }

  /** Where it is not, the configuration's check has told why. */
  private boolean isUsable(Loaded loaded) {
    try {
      return !properties(loaded).isEmpty();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private Check stateFolder(Loaded loaded) {
    long parameters =
        NetworkParameters.list(loaded.config().network()).stream()
            .mapToLong(parameter -> parameter.shape().elements())
            .sum();
    Properties properties = properties(loaded);
    return new StateFolderCheck(
        Path.of(properties.getProperty("state.dir")),
        properties.getProperty("application.id"),
        options.role() == Role.LEARNER ? PARAMETER_BYTES * parameters : 0);
  }

  private Properties properties(Loaded loaded) {
    return switch (options.role()) {
      case PREDICTOR -> StreamsProperties.of(loaded.predict());
      case JOINER -> StreamsProperties.of(loaded.labels());
      default -> StreamsProperties.of(loaded.config());
    };
  }

  private boolean usesStreams() {
    return switch (options.role()) {
      case LEARNER, PREDICTOR, JOINER -> true;
      case PRODUCER, CONSUMER, REPLAY, OPERATOR, SERVER, DASHBOARD -> false;
    };
  }

  private void cluster(Loaded loaded, ClientLog log) {
    Map<String, String> client = KafkaClients.properties(loaded.config().kafka());
    ConnectionCheck connection = new ConnectionCheck(client, log);
    look(connection);
    if (!connection.reached()) {
      add(
          new Finding.Unknown(
              "the rest", "cluster, topics, rights, clock, group and records need a broker"));
      return;
    }
    try (Brokers brokers = new Brokers(client)) {
      inCluster(loaded, brokers);
    }
  }

  private void inCluster(Loaded loaded, Brokers brokers) {
    LearnerConfig config = loaded.config();
    Creates creates = loaded.createTopics() ? Creates.ALL : Creates.CHANGELOG;
    List<Acl> acls = RequiredAcls.of(options.role(), loaded.programs(), creates);
    Set<String> topics =
        acls.stream()
            .filter(acl -> acl.resource() == ResourceType.TOPIC)
            .map(Acl::name)
            .collect(Collectors.toCollection(TreeSet::new));
    if (usesStreams()) {
      look(new ClusterCheck(brokers));
    }
    look(
        new TopicsCheck(
            brokers,
            specs(loaded, topics),
            loaded.createTopics() && usesStreams(),
            config.images().maxRecordBytes()));
    look(new RightsCheck(brokers, acls, options.role().name().toLowerCase(Locale.ROOT)));
    look(new ClockCheck(brokers, topics));
    acls.stream()
        .filter(acl -> acl.resource() == ResourceType.GROUP)
        .findFirst()
        .ifPresent(group -> look(new GroupCheck(brokers, group.name(), topics)));
    long commitMs = Long.parseLong(config.kafka().getOrDefault("commit.interval.ms", "1000"));
    look(new TransactionsCheck(brokers, topics, commitMs));
    String images = config.topics().images();
    if (topics.contains(images)) {
      look(new ImagesCheck(brokers.client(), images, config.network(), config.images()));
    }
    if (topics.contains(config.topics().snapshots())) {
      look(new SnapshotsCheck(brokers, config));
    }
  }

  private static List<TopicSpec> specs(Loaded loaded, Set<String> topics) {
    List<TopicSpec> specs = new ArrayList<>(LearnerTopics.withChangelog(loaded.config()));
    specs.addAll(DownstreamTopics.all(loaded));
    specs.removeIf(spec -> !topics.contains(spec.name()));
    return specs;
  }

  /** A check that fails itself is told of as one, and does not end the others. */
  private void look(Check check) {
    try {
      check.look().forEach(this::add);
    } catch (KafkaException e) {
      String message = Optional.ofNullable(e.getMessage()).orElse(e.toString());
      add(new Finding.Unknown(check.subject(), "the cluster did not say: " + message));
    }
  }

  private void add(Finding finding) {
    findings.add(finding);
    listener.accept(finding);
  }
}
