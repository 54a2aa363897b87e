package io.millrace.tests.security;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ControlCommand;
import io.millrace.ControlKind;
import io.millrace.app.produce.TopicSpec;
import io.millrace.schemas.AvroCodec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each right that {@code ./millrace acls} prints is needed: without any one of them the program
 * ends, and says in one line what it lacks.
 */
class AclMinimalTest {

  private static final String PASSWORD = "least-rights";

  @TempDir static Path folder;

  @SuppressWarnings("NullAway.Init") // by JUnit, before any test
  private static SecureBroker broker;

  @BeforeAll
  static void startBroker() {
    broker = SecureBroker.start(folder);
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @TestFactory
  Stream<DynamicTest> theLearnerNeedsEachRight() {
    return eachLeftOut("learner", Installation::train);
  }

  @TestFactory
  Stream<DynamicTest> theProducerNeedsEachRight() {
    return eachLeftOut("producer", run -> run.produce(10, "--create-topic", "1"));
  }

  @TestFactory
  Stream<DynamicTest> theConsumerNeedsEachRight() {
    return eachLeftOut("consumer", Installation::consume);
  }

  /** What a program is started with. */
  private interface Program {
    List<String> command(Installation installation);
  }

  private static Stream<DynamicTest> eachLeftOut(String role, Program program) {
    int count = rights(installation(role, "all"), role).size();
    assertTrue(count > 0, "expected rights of the " + role);
    return IntStream.range(0, count)
        .filter(i -> !isForCommandsAlone(rights(installation(role, "all"), role).get(i), role))
        .mapToObj(i -> {
          Installation installation = installation(role, Integer.toString(i));
          AclBinding leftOut = rights(installation, role).get(i);
          return DynamicTest.dynamicTest(
              role + " without " + describe(leftOut),
              () -> endsWithout(leftOut, installation, role, program));
        });
  }

  private static void endsWithout(
      AclBinding leftOut, Installation installation, String role, Program program) {
    broker.addUser(installation.name(), PASSWORD);
    List<AclBinding> granted = new ArrayList<>(rights(installation, role));
    granted.remove(leftOut);
    if (!granted.isEmpty()) {
      broker.grant(granted);
    }
    boolean imagesAreMissing =
        leftOut.entry().operation() == AclOperation.CREATE
            && leftOut.pattern().name().equals(installation.images());
    if (!imagesAreMissing) {
      broker.createTopic(TopicSpec.of(installation.images(), 1, Map.of()));
      broker.sendImages(installation.images(), 0, 2 * Installation.BATCH);
    }

    if (role.equals("learner") && leftOut.entry().operation() == AclOperation.WRITE) {
      broker.createTopic(TopicSpec.of(installation.control(), 1, Map.of()));
      broker.send(List.of(naming(installation)));
    }

    String line = CommandRun.refused(program.command(installation));

    assertTrue(line.contains(resource(leftOut)), line);
    assertTrue(
        line.contains(leftOut.entry().operation().name())
            || line.contains("DESCRIBE (READ and WRITE include it)"),
        line);
    assertTrue(line.contains("./millrace acls"), line);
  }

  /** Without it a command is rejected and the learner learns on: {@code SecurityTest}. */
  private static boolean isForCommandsAlone(AclBinding right, String role) {
    return role.equals("learner")
        && right.entry().operation() == AclOperation.READ
        && right.pattern().name().endsWith(".snapshots");
  }

  /** A command that has the learner write an answer and an alias. */
  static ProducerRecord<byte[], byte[]> naming(Installation installation) {
    ControlCommand command =
        ControlCommand.newBuilder()
            .setId("name-it")
            .setModel("secured")
            .setKind(ControlKind.SET_ALIAS)
            .setAlias("champion")
            .setVersion(1L)
            .setNotBeforeStep(2L)
            .setSentMs(0)
            .setReason("")
            .build();
    return new ProducerRecord<>(
        installation.control(),
        "secured".getBytes(StandardCharsets.UTF_8),
        AvroCodec.of(ControlCommand.class).encode(command));
  }

  private static Installation installation(String role, String number) {
    String name = role + "-" + number;
    return Installation.write(folder, name, name, broker.scramSettings(name, PASSWORD));
  }

  private static List<AclBinding> rights(Installation installation, String role) {
    return PrintedCommands.rights(installation.acls(role, "User:" + installation.name()));
  }

  private static String resource(AclBinding right) {
    String kind =
        switch (right.pattern().resourceType()) {
          case TOPIC -> "topic ";
          case GROUP -> "consumer group ";
          default -> "transactional ids that begin with ";
        };
    return kind + right.pattern().name();
  }

  private static String describe(AclBinding right) {
    String prefix = right.pattern().resourceType() == ResourceType.TRANSACTIONAL_ID ? "*" : "";
    return right.entry().operation() + " on " + right.pattern().name() + prefix;
  }
}
