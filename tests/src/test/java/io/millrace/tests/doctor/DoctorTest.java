package io.millrace.tests.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.app.learner.LearnerConfigFile;
import io.millrace.app.yaml.ConfigReader;
import io.millrace.schemas.SnapshotKey;
import io.millrace.tests.support.Cluster;
import io.millrace.tests.support.Eventually;
import io.millrace.tests.support.Images;
import io.millrace.topology.LearnerApplication;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Faults of configuration, machine and topics, each planted by itself into what is healthy. */
class DoctorTest {

  @TempDir static Path folder;

  @SuppressWarnings("NullAway.Init") // by JUnit, before any test
  private static Cluster cluster;

  @SuppressWarnings("NullAway.Init") // by JUnit, before any test
  private static Admin admin;

  @BeforeAll
  static void startBroker() {
    cluster = Cluster.embedded(folder.resolve("cluster"));
    admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()));
  }

  @AfterAll
  static void stopBroker() {
    admin.close();
    cluster.close();
  }

  /** Does harm to a patient, and returns what the doctor is called with. */
  private interface Plant {
    List<String> into(Patient patient) throws Exception;
  }

  /** A fault, and what the doctor has to say of it. */
  private record Planted(
      String name, Plant plant, String mark, String subject, String found, String mend) {

    DynamicTest test() {
      return DynamicTest.dynamicTest(
          name,
          () -> {
            Patient patient = Patient.healthy(cluster, folder);
            cluster.send(Images.records(patient.topics().images(), 0, 40));
            List<String> arguments = plant.into(patient);
            Diagnosis.of(arguments).assertFound(mark, subject, found, mend);
          });
    }
  }

  private static Planted fault(
      String name, String subject, String found, String mend, Plant plant) {
    return new Planted(name, plant, "FAULT", subject, found, mend);
  }

  @TestFactory
  Stream<DynamicTest> findsWhatIsWrongWithConfigurationAndMachine() {
    return Stream.of(
            fault(
                "a number out of its range",
                "configuration",
                "minibatch.size: expected a whole number from 1 to 4096, got 0",
                "./millrace config",
                patient -> patient.arguments("--set", "minibatch.size=0")),
            fault(
                "a key that is mistyped, beside another mistake",
                "configuration",
                "optimiser: unknown key; did you mean optimizer?",
                "./millrace config",
                patient -> {
                  Path file = patient.write("optimiser: {momentum: 0.9}\n");
                  return List.of("-c", file.toString(), "--set", "seed=x");
                }),
            fault(
                "a network whose layers do not fit",
                "configuration",
                "pool",
                "correct it",
                patient -> patient.arguments("--set", "network=" + badNetwork())),
            fault(
                "a signing key that is not there",
                "configuration",
                "no-such-key.pem: expected a PEM file",
                "correct it",
                patient ->
                    patient.arguments(
                        "--set", "signing.keyId=me", "--set", "signing.keyFile=no-such-key.pem")),
            fault(
                "a guarantee that is none",
                "configuration",
                "processing.guarantee: expected exactly_once_v2, got at_least_once",
                "correct",
                patient -> patient.arguments("--set", "kafka.processing.guarantee=at_least_once")),
            fault(
                "a state folder below a file",
                "state folder",
                "expected a folder that can be written",
                "kafka.state.dir",
                patient -> {
                  Path file = Files.writeString(folder.resolve(patient.name() + ".file"), "a file");
                  return patient.arguments("--set", "kafka.state.dir=" + file.resolve("state"));
                }),
            new Planted(
                "more threads than processors",
                patient -> patient.arguments("--set", "threads=500"),
                "warning",
                "processors",
                "for 500 threads",
                "threads: 0"),
            fault(
                "a data set that is not there",
                "data set",
                "/nowhere",
                "--dataset",
                patient -> patient.arguments("--dataset", "folder:/nowhere")))
        .map(Planted::test);
  }

  @Test
  void tellsOfEveryMistakeInTheConfigurationAtOnce() {
    Diagnosis diagnosis =
        Diagnosis.of(
            List.of(
                "--set", "seed=x", "--set", "minibatch.size=0", "--set", "modle=y", "-b", "none"));
    for (String key : List.of("seed:", "minibatch.size:", "modle:")) {
      diagnosis.assertFound("FAULT", "configuration", key, "correct it");
    }
  }

  @Test
  void findsAPortThatIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      Diagnosis.of(List.of("--port", port, "-b", "none"))
          .assertFound("FAULT", "port " + port, "in use", "lsof -i :" + port);
    }
  }

  @TestFactory
  Stream<DynamicTest> findsWhatIsWrongWithTopics() {
    return Stream.of(
            fault(
                "images in three partitions",
                "topics",
                "expected 1 partition(s), got 3",
                "kafka-topics.sh",
                patient -> {
                  NewPartitions three = NewPartitions.increaseTo(3);
                  admin.createPartitions(Map.of(patient.topics().images(), three)).all().get();
                  return patient.arguments();
                }),
            fault(
                "snapshots that are deleted by age",
                "topics",
                "expected cleanup.policy compact, got delete",
                "--add-config cleanup.policy=compact",
                patient ->
                    setting(patient, patient.topics().snapshots(), "cleanup.policy", "delete")),
            fault(
                "images of which only the newest by key is kept",
                "topics",
                "expected cleanup.policy delete, got compact",
                "--add-config cleanup.policy=delete",
                patient ->
                    setting(patient, patient.topics().images(), "cleanup.policy", "compact")),
            new Planted(
                "a journal that is deleted by age",
                patient -> setting(patient, patient.topics().journal(), "retention.ms", "86400000"),
                "warning",
                "topics",
                "expected retention.ms -1, got 86400000",
                "--add-config retention.ms=-1"),
            new Planted(
                "images topic that takes no large records",
                patient -> setting(patient, patient.topics().images(), "max.message.bytes", "1000"),
                "warning",
                "topics",
                "takes records of at most 1000 bytes",
                "--add-config max.message.bytes="),
            fault(
                "more copies asked for than there are brokers",
                "topics",
                "expected 2 copies in sync and a leader, got 1",
                "--add-config min.insync.replicas=1",
                patient ->
                    setting(patient, patient.topics().metrics(), "min.insync.replicas", "2")),
            fault(
                "a topic that is missing and may not be made",
                "topics",
                "expected it to be there, as createTopics is false",
                "--create --if-not-exists --topic",
                _ ->
                    Patient.withoutTopics(cluster, folder)
                        .arguments("--set", "createTopics=false")))
        .map(Planted::test);
  }

  @TestFactory
  Stream<DynamicTest> findsWhatIsWrongWithRecords() {
    return Stream.of(
            fault(
                "images of another size than the network's",
                "images",
                "expected [3, 32, 32] (channels, height, width), got [1, 28, 28]",
                "--size HxW",
                patient ->
                    patient.arguments(
                        "--set",
                        "network=resnet20",
                        "--set",
                        "images.mean=[0,0,0]",
                        "--set",
                        "images.std=[1,1,1]")),
            new Planted(
                "a record among the images that is none",
                patient -> {
                  cluster.send(List.of(record(patient.topics().images(), "no image")));
                  return patient.arguments();
                },
                "warning",
                "images",
                "1 of the newest 41",
                "send images as network lenet5 takes them"),
            fault(
                "a clock that is behind the producer's",
                "clock",
                "9 min in the future",
                "timedatectl set-ntp true",
                patient -> {
                  long future = System.currentTimeMillis() + 599_000;
                  cluster.send(
                      List.of(
                          new ProducerRecord<>(
                              patient.topics().images(), 0, future, null, new byte[1])));
                  return patient.arguments();
                }),
            fault(
                "images that were deleted before they were read",
                "group",
                "up to 20 records were deleted before they were read",
                "raise retention.ms",
                patient -> {
                  commit(patient, 10);
                  cluster.deleteBefore(patient.topics().images(), 30);
                  return patient.arguments();
                }),
            fault(
                "a topic that was made anew",
                "group",
                "would go on at offset 4,000, but the topic ends at 40",
                "new kafka.application.id",
                patient -> {
                  commit(patient, 4_000);
                  return patient.arguments();
                }),
            fault(
                "a manifest that is none",
                "snapshots",
                "UNREADABLE",
                "./millrace control publish",
                patient -> {
                  String key = new SnapshotKey.Manifest(patient.name(), 1).text();
                  ProducerRecord<byte[], byte[]> junk =
                      new ProducerRecord<>(
                          patient.topics().snapshots(),
                          key.getBytes(StandardCharsets.UTF_8),
                          new byte[] {1, 2, 3});
                  cluster.send(List.of(junk));
                  return patient.arguments();
                }))
        .map(Planted::test);
  }

  @Test
  void findsATransactionThatHangs() {
    Patient patient = Patient.healthy(cluster, folder);
    String images = patient.topics().images();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", cluster.bootstrapServers(), "transactional.id", "hangs"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      long minuteAgo = System.currentTimeMillis() - 60_000;
      var _ = producer.send(new ProducerRecord<>(images, 0, minuteAgo, null, new byte[1]));
      producer.flush();
      Diagnosis.of(patient.arguments())
          .assertFound(
              "FAULT",
              "transactions",
              "1 records cannot be read",
              "abort --topic " + images + " --partition 0 --start-offset 0");
      producer.abortTransaction();
    }
  }

  @Test
  void findsNothingBrokenWhereALearnerWorksAndSaysThatItIsThere() throws Exception {
    Patient patient = Patient.healthy(cluster, folder);
    cluster.send(Images.records(patient.topics().images(), 0, 40));
    var config =
        LearnerConfigFile.load(ConfigReader.of(patient.write(""), List.of()), folder).config();
    try (LearnerApplication learner = LearnerApplication.start(config)) {
      cluster.awaitCommitted(
          patient.name(),
          patient.topics().images(),
          40,
          () ->
              learner
                  .failure()
                  .ifPresent(e -> {
                    throw new AssertionError("the learner stopped", e);
                  }));
      Eventually.await(
          "snapshots",
          () ->
              cluster.end(patient.topics().snapshots()) > 0 ? Optional.of(true) : Optional.empty(),
          () -> "none");
      Diagnosis working = Diagnosis.of(patient.arguments());
      working.assertFound("warning", "group", "runs already, from", "kafka.application.id");
      assertEquals(0, working.exitCode(), working.text());
    }
    Diagnosis healthy = Diagnosis.of(patient.arguments());
    assertEquals(0, healthy.exitCode(), healthy.text());
    assertFalse(healthy.text().contains("FAULT"), healthy.text());
    for (String subject :
        List.of("topics        9 as", "rights ", "clock ", "images ", "snapshots     version")) {
      assertTrue(
          healthy.text().lines().anyMatch(line -> line.startsWith("ok      " + subject)),
          () -> subject + " of\n" + healthy.text());
    }
  }

  private static List<String> setting(Patient patient, String topic, String key, String value)
      throws Exception {
    AlterConfigOp set = new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    admin.incrementalAlterConfigs(Map.of(resource, List.of(set))).all().get();
    Eventually.await(
        key + " of " + topic,
        () -> {
          try {
            var now = admin.describeConfigs(List.of(resource)).all().get().values();
            return now.stream()
                .filter(config -> value.equals(String.valueOf(config.get(key).value())))
                .findFirst();
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        },
        () -> "its old value");
    return patient.arguments();
  }

  private static void commit(Patient patient, long offset) throws Exception {
    TopicPartition partition = new TopicPartition(patient.topics().images(), 0);
    admin
        .alterConsumerGroupOffsets(patient.name(), Map.of(partition, new OffsetAndMetadata(offset)))
        .all()
        .get();
  }

  private static ProducerRecord<byte[], byte[]> record(String topic, String value) {
    return new ProducerRecord<>(topic, value.getBytes(StandardCharsets.UTF_8));
  }

  private static Path badNetwork() throws Exception {
    return Files.writeString(
        folder.resolve("bad-network.yaml"),
        """
        name: bad
        input: {channels: 1, height: 4, width: 4}
        loss: softmaxCrossEntropy
        layers:
          - pool: {type: maxPool2d, kernel: 9}
          - flat: flatten
          - out: {type: linear, outFeatures: 10}
        """);
  }
}
