package io.millrace.tests.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.app.produce.TopicSpec;
import io.millrace.tests.support.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Learner, producer and consumer on a cluster that grants them what is printed and no more. */
class SecurityTest {

  private static final String PASSWORD = "nobody-may-read-this";
  private static final Pattern STEP = Pattern.compile("step ([0-9,]+)  images ([0-9,]+)");

  @TempDir static Path folder;

  @SuppressWarnings("NullAway.Init") // by JUnit, before any test
  private static SecureBroker broker;

  @BeforeAll
  static void startBroker() throws IOException {
    Files.writeString(folder.resolve("secrets.properties"), "password=" + PASSWORD + "\n");
    broker = SecureBroker.start(folder);
    for (String program : List.of("learner", "producer", "consumer", "replay", "operator")) {
      broker.addUser(program, PASSWORD);
    }
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void programsDoTheirWorkWithTheRightsThatArePrinted() throws IOException {
    Installation learner = installation("whole", "learner");
    Installation producer = installation("whole", "producer");
    Installation consumer = installation("whole", "consumer");
    broker.grant(PrintedCommands.rights(learner.acls("learner", "User:learner")));
    broker.grant(PrintedCommands.rights(producer.acls("producer", "User:producer")));
    broker.grant(PrintedCommands.rights(consumer.acls("consumer", "User:consumer")));

    try (LogCapture logs = LogCapture.start()) {
      CommandRun.succeed(producer.produce(6 * Installation.BATCH, "--create-topic", "1"));
      learnToStep(6, learner);
      assertEquals("6 after 48 images", newestStep(consumer));

      // Without its folder, the second learner has the training state from the changelog alone.
      delete(learner.stateFolder());
      CommandRun.succeed(producer.produce(4 * Installation.BATCH));
      learnToStep(10, learner);
      assertEquals("10 after 80 images", newestStep(consumer));

      assertTrue(logs.text().contains("ProducerConfig values"), "Kafka's settings are logged");
      assertFalse(logs.text().contains(PASSWORD), "no password is logged");
    }
  }

  @Test
  void topicsCanBeMadeBeforehandByThePrintedCommands() {
    Installation learner = installation("made", "learner");
    String printed = learner.acls("learner", "User:learner", "--topics-exist");
    assertFalse(printed.contains("--operation CREATE"), printed);
    PrintedCommands.topics(printed).forEach(broker::createTopic);
    broker.grant(PrintedCommands.rights(printed));
    broker.sendImages(learner.images(), 0, 2 * Installation.BATCH);
    learnToStep(2, learner);
  }

  @Test
  void aReplayNeedsEachRightThatIsPrinted() {
    Installation learner = installation("replayed", "learner");
    Installation replay = installation("replayed", "replay");
    broker.grant(PrintedCommands.rights(learner.acls("learner", "User:learner")));
    broker.createTopic(TopicSpec.of(learner.images(), 1, Map.of()));
    broker.sendImages(learner.images(), 0, 2 * Installation.BATCH);
    learnToStep(2, learner);
    List<AclBinding> rights = PrintedCommands.rights(replay.acls("replay", "User:replay"));
    broker.grant(rights);
    List<String> command = replay.command("replay", "--to-version", "1");
    assertContains(CommandRun.succeed(command), "equal to the bit");
    for (AclBinding right : rights) {
      broker.revoke(right);
      assertContains(
          CommandRun.refused(command),
          "topic " + right.pattern().name() + ": expected the right to READ");
      broker.grant(List.of(right));
    }
  }

  @Test
  void aProgramMayShowACertificateInsteadOfAPassword() {
    Installation learner = installation("certified", "learner");
    broker.grant(PrintedCommands.rights(learner.acls("learner", "User:learner")));
    broker.createTopic(TopicSpec.of(learner.images(), 1, Map.of()));
    broker.sendImages(learner.images(), 0, 2 * Installation.BATCH);
    learnToStep(2, learner);
    Installation consumer =
        Installation.write(folder, "certified", "certificate", broker.certificateSettings());
    String principal = "User:" + Certificates.CLIENT_NAME;
    broker.grant(PrintedCommands.rights(consumer.acls("consumer", principal)));
    assertEquals("2 after 16 images", newestStep(consumer));
  }

  @Test
  void aLearnerThatLosesARightEndsAndGoesOnOnceItHasItAgain() {
    Installation learner = installation("revoked", "learner");
    Installation consumer = installation("revoked", "consumer");
    broker.grant(PrintedCommands.rights(consumer.acls("consumer", "User:consumer")));
    List<AclBinding> rights = PrintedCommands.rights(learner.acls("learner", "User:learner"));
    broker.grant(rights);
    broker.createTopic(TopicSpec.of(learner.images(), 1, Map.of()));
    broker.sendImages(learner.images(), 0, 2 * Installation.BATCH);
    AclBinding metrics =
        rights.stream()
            .filter(right ->
                right.pattern().name().equals("revoked.metrics")
                    && right.entry().operation() == AclOperation.WRITE)
            .findFirst()
            .orElseThrow();
    try (CommandRun train = CommandRun.start(learner.train())) {
      awaitStep(2, train);
      broker.revoke(metrics);
      broker.sendImages(learner.images(), 2 * Installation.BATCH, 4 * Installation.BATCH);
      assertContains(train.refusal(), "topic revoked.metrics: expected the right to WRITE");
    }
    broker.grant(List.of(metrics));
    learnToStep(4, learner);
    assertEquals("4 after 32 images", newestStep(consumer));
  }

  @Test
  void aCommandThatNeedsARightOfTheLearnersIsRefusedWithoutItAndDoneWithIt() {
    Installation learner = installation("named", "learner");
    Installation operator = installation("named", "operator");
    broker.grant(PrintedCommands.rights(operator.acls("operator", "User:operator")));
    List<AclBinding> rights = PrintedCommands.rights(learner.acls("learner", "User:learner"));
    AclBinding archive =
        rights.stream()
            .filter(right ->
                right.pattern().name().equals("named.snapshots")
                    && right.entry().operation() == AclOperation.READ)
            .findFirst()
            .orElseThrow();
    broker.grant(rights.stream().filter(right -> !right.equals(archive)).toList());
    broker.createTopic(TopicSpec.of(learner.images(), 1, Map.of()));
    broker.sendImages(learner.images(), 0, 2 * Installation.BATCH);
    List<String> command = operator.command("control", "alias", "champion", "1");
    try (CommandRun train = CommandRun.start(learner.train())) {
      awaitStep(2, train);
      assertContains(
          CommandRun.refused(command),
          "rejected at step 2",
          "expected the right to READ topic named.snapshots");
      broker.grant(List.of(archive));
      assertContains(CommandRun.succeed(command), "applied at step 2: champion is version 1");
    }
  }

  @Test
  void withoutProgressLinesTheLearnerNeedNotReadMetrics() {
    Installation learner = installation("silent", "learner");
    Installation consumer = installation("silent", "consumer");
    broker.grant(PrintedCommands.rights(consumer.acls("consumer", "User:consumer")));
    List<AclBinding> rights =
        PrintedCommands.rights(learner.acls("learner", "User:learner")).stream()
            .filter(right ->
                !(right.pattern().name().equals("silent.metrics")
                    && right.entry().operation() == AclOperation.READ))
            .toList();
    broker.grant(rights);
    broker.createTopic(TopicSpec.of(learner.images(), 1, Map.of()));
    broker.sendImages(learner.images(), 0, 2 * Installation.BATCH);
    try (CommandRun train = CommandRun.start(learner.command("train", "--progress-seconds", "0"))) {
      assertEquals("2 after 16 images", newestStep(consumer));
      assertFalse(train.ended(), train::toString);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "produce", "consume"})
  void aWrongPasswordIsOneLine(String command) {
    Installation wrong =
        Installation.write(folder, "wrong", "learner", broker.scramSettings("learner", "guessed"));
    assertContains(
        refused(command, wrong),
        "login: expected brokers to accept it, got: Authentication failed",
        "SCRAM-SHA-512",
        "correct the user and password in sasl.jaas.config, or sasl.mechanism");
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "produce", "consume"})
  void aBrokerThatIsNotTrustedIsOneLine(String command) {
    Map<String, String> settings = new HashMap<>(broker.scramSettings("learner", PASSWORD));
    settings.put("ssl.truststore.location", broker.certificates().stranger().toString());
    Installation distrustful = Installation.write(folder, "distrustful", "learner", settings);
    assertContains(
        refused(command, distrustful),
        "TLS with the brokers: expected a handshake, got: ",
        "unable to find valid certification path",
        "correct ssl.truststore.*");
  }

  @Test
  void aProgramWithoutItsCertificateIsOneLine() {
    Map<String, String> settings = new HashMap<>(broker.certificateSettings());
    settings.remove("ssl.keystore.location");
    settings.remove("ssl.keystore.password");
    Installation nameless = Installation.write(folder, "nameless", "certificate", settings);
    assertContains(
        refused("train", nameless), "TLS with the brokers: expected a handshake", "ssl.keystore.*");
  }

  @Test
  void theConfigurationIsPrintedWithoutSecrets() {
    Installation open =
        Installation.write(folder, "open", "learner", broker.scramSettings("learner", PASSWORD));
    String printed = CommandRun.succeed(open.command("config"));
    assertContains(printed, "sasl.jaas.config: \"<hidden>\"", "sasl.mechanism: SCRAM-SHA-512");
    assertFalse(printed.contains(PASSWORD), printed);
    Installation certified =
        Installation.write(folder, "open", "certificate", broker.certificateSettings());
    String other = CommandRun.succeed(certified.command("config"));
    assertContains(other, "ssl.keystore.password: \"<hidden>\"");
    assertFalse(other.contains(Certificates.PASSWORD), other);
  }

  /** A program whose password stands in a file that only the settings name. */
  private static Installation installation(String name, String user) {
    String reference = "${file:" + folder.resolve("secrets.properties") + ":password}";
    Map<String, String> settings = new HashMap<>(broker.scramSettings(user, reference));
    settings.putAll(Installation.secretFile());
    return Installation.write(folder, name, user, settings);
  }

  private static void learnToStep(long step, Installation learner) {
    try (CommandRun train = CommandRun.start(learner.train())) {
      awaitStep(step, train);
    }
  }

  private static void awaitStep(long step, CommandRun train) {
    Eventually.await(
        "step " + step,
        () -> {
          assertFalse(train.ended(), train::toString);
          return train.out().contains("step " + step + "  ") ? Optional.of(true) : Optional.empty();
        },
        train::toString);
  }

  private static String newestStep(Installation consumer) {
    String printed = CommandRun.succeed(consumer.consume());
    var found = STEP.matcher(printed);
    assertTrue(found.find(), printed);
    return found.group(1) + " after " + found.group(2) + " images";
  }

  private static String refused(String command, Installation installation) {
    return CommandRun.refused(
        switch (command) {
          case "train" -> installation.train();
          case "consume" -> installation.consume();
          default -> installation.produce(1);
        });
  }

  private static void assertContains(String text, String... parts) {
    for (String part : parts) {
      assertTrue(text.contains(part), () -> "expected '" + part + "' in: " + text);
    }
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> paths = Files.walk(tree)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
