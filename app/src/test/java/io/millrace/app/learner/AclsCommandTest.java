package io.millrace.app.learner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class AclsCommandTest {

  @Test
  void theTableNamesEveryTopicGroupAndTransactionalId() {
    String table = succeed("--role", "learner", "--set", "kafka.application.id=app");
    assertEquals("learner, as User:millrace-learner", table.lines().findFirst().orElse(""));
    for (String row :
        List.of(
            "topic millrace.images READ",
            "topic millrace.images CREATE",
            "topic millrace.metrics WRITE",
            "topic millrace.metrics READ",
            "topic millrace.snapshots WRITE",
            "topic millrace.dead-letters WRITE",
            "topic app-training-state-changelog READ",
            "topic app-training-state-changelog WRITE",
            "topic app-training-state-changelog CREATE",
            "group app READ",
            "transactional-id app-* WRITE")) {
      assertTrue(rows(table).anyMatch(line -> line.startsWith(row + " ")), row + " in " + table);
    }
    assertFalse(table.contains("cluster"), table);
  }

  @Test
  void predictionsAndTheJoinOfLabelsHaveGroupsOfTheirOwn() {
    String predictor = succeed("--role", "predictor", "--set", "kafka.application.id=app");
    for (String row :
        List.of(
            "topic millrace.unlabeled READ",
            "topic millrace.snapshots READ",
            "topic millrace.predictions WRITE",
            "topic millrace.predictions CREATE",
            "group app-predict READ",
            "transactional-id app-predict-* WRITE")) {
      assertTrue(rows(predictor).anyMatch(l -> l.startsWith(row + " ")), row + " in " + predictor);
    }
    String joiner = succeed("--role", "joiner", "--set", "kafka.application.id=app");
    for (String row :
        List.of(
            "topic millrace.unlabeled READ",
            "topic millrace.labels READ",
            "topic millrace.images WRITE",
            "topic app-labels-waiting-changelog READ",
            "topic app-labels-deadlines-changelog CREATE",
            "group app-labels READ")) {
      assertTrue(rows(joiner).anyMatch(l -> l.startsWith(row + " ")), row + " in " + joiner);
    }
  }

  @Test
  void theApplicationIdFollowsTheModelAsStreamsDoes() {
    String table = succeed("--role", "learner", "--set", "model=shoes");
    assertTrue(rows(table).anyMatch(line -> line.startsWith("group millrace-shoes READ")), table);
  }

  @Test
  void whoMayNotCreateTopicsNeedsNoRightToCreateThem() {
    String own = succeed("--set", "createTopics=false");
    // Kafka Streams' changelogs: the learner's and the two of the join of labels.
    assertEquals(3, rows(own).filter(line -> line.contains(" CREATE ")).count(), own);
    assertEquals(0, rows(succeed("--topics-exist")).filter(l -> l.contains(" CREATE ")).count());
  }

  @Test
  void theDefaultIsEveryProgramAsItself() {
    String table = succeed();
    for (String program :
        List.of("learner", "producer", "consumer", "replay", "predictor", "joiner")) {
      assertTrue(table.contains(program + ", as User:millrace-" + program + "\n"), table);
    }
    assertTrue(succeed("--principal", "User:me").contains("producer, as User:me\n"));
  }

  @Test
  void commandsAreOneForEachResource() {
    String commands =
        succeed("--role", "producer", "--principal", "User:CN=a b", "--format", "kafka-acls");
    assertEquals(
        """
        # admin.properties: the client settings of somebody who may change ACLs and topics
        # producer
        kafka-acls.sh --bootstrap-server localhost:9092 --command-config admin.properties --add \
        --allow-principal 'User:CN=a b' --operation WRITE --operation CREATE --topic millrace.images
        """,
        commands);
  }

  @Test
  void commandsForTopicsComeFirstWhereTheyHaveToExist() {
    String commands = succeed("--role", "learner", "--topics-exist", "--format", "kafka-acls");
    assertTrue(
        commands.contains(
            "--topic millrace-small-cnn-training-state-changelog --partitions 1"
                + " --config cleanup.policy=compact"),
        commands);
    assertTrue(commands.startsWith("# admin.properties"), commands);
    assertTrue(commands.indexOf("kafka-topics.sh") < commands.indexOf("kafka-acls.sh"), commands);
  }

  @Test
  void jsonHasAnObjectForEachRight() {
    assertEquals(
        """
        [
          {"program":"consumer","principal":"User:a\\"b","host":"*","permission":"ALLOW",\
        "operation":"READ","resourceType":"TOPIC","patternType":"LITERAL",\
        "name":"millrace.snapshots","purpose":"follows snapshots"}
        ]
        """,
        succeed("--role", "consumer", "--principal", "User:a\"b", "--format", "json"));
  }

  @Test
  void jsonLinesHaveTheSameFields() {
    assertEquals(
        """
        {"event":"right","program":"consumer","principal":"User:me","host":"*",\
        "permission":"ALLOW","operation":"READ","resourceType":"TOPIC",\
        "patternType":"LITERAL","name":"millrace.snapshots","purpose":"follows snapshots"}
        """,
        succeed("--role", "consumer", "--principal", "User:me", "--json"));
  }

  @ParameterizedTest
  @CsvSource({
    "--principal me, --principal: expected TYPE:NAME such as User:millrace",
    "--format xml, 'expected table, kafka-acls or json, got xml'",
    "--role broker, --role"
  })
  void usageMistakesExitWithTwo(String arguments, String message) {
    StringWriter err = new StringWriter();
    assertEquals(2, execute(new StringWriter(), err, arguments.split(" ", -1)));
    assertTrue(err.toString().contains(message), err.toString());
  }

  /** The rows with single spaces. */
  private static Stream<String> rows(String table) {
    return table.lines().map(line -> line.strip().replaceAll(" +", " "));
  }

  private static String succeed(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    assertEquals(0, execute(out, err, arguments), err::toString);
    return out.toString();
  }

  private static int execute(StringWriter out, StringWriter err, String... arguments) {
    return new CommandLine(new AclsCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
