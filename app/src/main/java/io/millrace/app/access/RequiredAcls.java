package io.millrace.app.access;

import io.millrace.topology.LearnerResources;
import io.millrace.topology.StreamsResources;
import io.millrace.topology.config.LabelJoinConfig;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.config.PredictConfig;
import io.millrace.topology.config.TopicNames;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.common.acl.AclOperation;

/**
 * The rights that each program needs, and no more: without any one of them it stops.
 *
 * <p>READ and WRITE bring DESCRIBE with them, so it is not listed. IDEMPOTENT_WRITE on the cluster
 * is not needed either: brokers since Kafka 3.0 grant it to whoever may write to a topic.
 */
public final class RequiredAcls {

  private RequiredAcls() {}

  /** What a program needs for a configuration. */
  public static List<Acl> of(Role role, Programs programs, Creates creates) {
    LearnerConfig config = programs.learner();
    return switch (role) {
      case LEARNER -> learner(config, creates);
      case PRODUCER -> producer(config, creates);
      case REPLAY -> replay(config);
      case CONSUMER ->
          List.of(Acl.topic(config.topics().snapshots(), AclOperation.READ, "follows snapshots"));
      case PREDICTOR -> predictor(programs.predict(), creates);
      case JOINER -> labelJoiner(programs.labels(), creates);
      case OPERATOR ->
          List.of(
              Acl.topic(config.topics().control(), AclOperation.WRITE, "sends commands"),
              Acl.topic(
                  config.topics().acknowledgements(),
                  AclOperation.READ,
                  "reads the answers; not with --no-wait"));
      case DASHBOARD -> dashboard(config);
      case SERVER ->
          List.of(
              Acl.topic(config.topics().snapshots(), AclOperation.READ, "follows snapshots"),
              Acl.topic(
                  config.topics().aliases(),
                  AclOperation.READ,
                  "follows an alias, lists them; not without"));
    };
  }

  /** What {@code dashboard} needs; what is missing is missing on the page, and nothing else. */
  public static List<Acl> dashboard(LearnerConfig config) {
    TopicNames topics = config.topics();
    return List.of(
        Acl.topic(topics.metrics(), AclOperation.READ, "curves, predictions"),
        Acl.topic(topics.layers(), AclOperation.READ, "how layers look"),
        Acl.topic(topics.images(), AclOperation.READ, "pictures"),
        Acl.topic(topics.deadLetters(), AclOperation.READ, "dead letters and their pictures"),
        Acl.topic(topics.snapshots(), AclOperation.READ, "versions, comparisons, predictions"),
        Acl.topic(topics.aliases(), AclOperation.READ, "names of versions"),
        Acl.topic(topics.journal(), AclOperation.READ, "what was decided"),
        Acl.topic(topics.acknowledgements(), AclOperation.READ, "what became of commands"),
        Acl.topic(topics.control(), AclOperation.WRITE, "sends commands; not with --read-only"),
        Acl.group(
            LearnerResources.of(config).group(),
            AclOperation.DESCRIBE,
            "shows who takes part and how far they are"));
  }

  /** What {@code replay} needs. */
  public static List<Acl> replay(LearnerConfig config) {
    return List.of(
        Acl.topic(config.topics().snapshots(), AclOperation.READ, "finds the version"),
        Acl.topic(config.topics().journal(), AclOperation.READ, "learns what was decided"),
        Acl.topic(config.topics().images(), AclOperation.READ, "learns them again"));
  }

  /** What {@code predict} needs. */
  public static List<Acl> predictor(PredictConfig config, Creates creates) {
    List<Acl> acls = new ArrayList<>(streams(StreamsResources.of(config), "predicts it", creates));
    acls.add(Acl.topic(config.topics().snapshots(), AclOperation.READ, "follows snapshots"));
    acls.sort(Comparator.comparing(Acl::resource).thenComparing(Acl::name));
    return acls;
  }

  /** What {@code join-labels} needs. */
  public static List<Acl> labelJoiner(LabelJoinConfig config, Creates creates) {
    List<Acl> acls = new ArrayList<>(streams(StreamsResources.of(config), "joins it", creates));
    acls.sort(Comparator.comparing(Acl::resource).thenComparing(Acl::name));
    return acls;
  }

  private static List<Acl> streams(StreamsResources uses, String purpose, Creates creates) {
    List<Acl> acls = new ArrayList<>();
    uses.reads().forEach(topic -> acls.add(Acl.topic(topic, AclOperation.READ, purpose)));
    uses.writes().forEach(topic -> acls.add(Acl.topic(topic, AclOperation.WRITE, "writes it")));
    for (String changelog : uses.changelogs()) {
      acls.add(Acl.topic(changelog, AclOperation.READ, "restores what waits"));
      acls.add(Acl.topic(changelog, AclOperation.WRITE, "keeps what waits"));
    }
    if (creates == Creates.ALL) {
      uses.reads().forEach(topic -> acls.add(creation(topic)));
      uses.writes().forEach(topic -> acls.add(creation(topic)));
    }
    if (creates != Creates.NONE) {
      uses.changelogs().forEach(topic -> acls.add(creation(topic)));
    }
    acls.add(Acl.group(uses.group(), AclOperation.READ, "takes part in its consumer group"));
    acls.add(
        Acl.transactionalIds(
            uses.transactionalIdPrefix(), AclOperation.WRITE, "commits in transactions"));
    return acls;
  }

  private static List<Acl> learner(LearnerConfig config, Creates creates) {
    List<Acl> acls = new ArrayList<>(learning(config, creates));
    acls.add(progress(config));
    acls.add(archive(config));
    acls.sort(Comparator.comparing(Acl::resource).thenComparing(Acl::name));
    return acls;
  }

  /** What {@code train} needs to print how far it is. */
  public static Acl progress(LearnerConfig config) {
    return Acl.topic(
        config.topics().metrics(),
        AclOperation.READ,
        "progress lines; not with --progress-seconds 0");
  }

  /** What event files for TensorBoard need. */
  public static List<Acl> tensorBoard(LearnerConfig config) {
    return List.of(
        Acl.topic(config.topics().metrics(), AclOperation.READ, "curves for TensorBoard"),
        Acl.topic(config.topics().layers(), AclOperation.READ, "histograms for TensorBoard"));
  }

  /** What commands that name a version need; without it they are rejected with this reason. */
  public static Acl archive(LearnerConfig config) {
    return Acl.topic(
        config.topics().snapshots(),
        AclOperation.READ,
        "versions to roll back to or to name; only for these commands");
  }

  /** What the learner needs to learn, without a word of its progress. */
  public static List<Acl> learning(LearnerConfig config, Creates creates) {
    LearnerResources uses = LearnerResources.of(config);
    List<Acl> acls = new ArrayList<>();
    for (String topic : uses.reads()) {
      acls.add(Acl.topic(topic, AclOperation.READ, "learns from it"));
    }
    for (String topic : uses.writes()) {
      acls.add(Acl.topic(topic, AclOperation.WRITE, "writes it"));
    }
    acls.add(Acl.topic(uses.changelog(), AclOperation.READ, "restores the training state"));
    acls.add(Acl.topic(uses.changelog(), AclOperation.WRITE, "keeps the training state"));
    if (creates == Creates.ALL) {
      for (String topic : uses.reads()) {
        acls.add(creation(topic));
      }
      for (String topic : uses.writes()) {
        acls.add(creation(topic));
      }
    }
    if (creates != Creates.NONE) {
      acls.add(creation(uses.changelog()));
    }
    acls.add(Acl.group(uses.group(), AclOperation.READ, "takes part in its consumer group"));
    acls.add(
        Acl.transactionalIds(
            uses.transactionalIdPrefix(), AclOperation.WRITE, "commits in transactions"));
    return acls;
  }

  private static List<Acl> producer(LearnerConfig config, Creates creates) {
    String images = config.topics().images();
    List<Acl> acls = new ArrayList<>();
    acls.add(Acl.topic(images, AclOperation.WRITE, "sends images"));
    if (creates == Creates.ALL) {
      acls.add(Acl.topic(images, AclOperation.CREATE, "--create-topic; not once it exists"));
    }
    return acls;
  }

  private static Acl creation(String topic) {
    return Acl.topic(topic, AclOperation.CREATE, "makes it if missing; not once it exists");
  }
}
