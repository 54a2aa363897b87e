package io.millrace.tests.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.app.Main;
import io.millrace.tests.support.Cluster;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code millrace topics} on a real broker. */
class TopicsCommandTest {

  private record Result(int exitCode, List<String> out, String err) {
    String line(String topic) {
      return out.stream().filter(line -> line.startsWith(topic)).findFirst().orElse("none");
    }
  }

  @TempDir static Path folder;

  @SuppressWarnings("NullAway.Init") // by JUnit, before any test
  private static Cluster cluster;

  @BeforeAll
  static void startBroker() {
    cluster = Cluster.embedded(folder);
  }

  @AfterAll
  static void stopBroker() {
    cluster.close();
  }

  @Test
  void createsWhatIsMissingAndFindsItAsItHasToBe() {
    Result before = run("list", "--downstream");
    assertEquals(1, before.exitCode(), before::toString);
    assertTrue(before.line("millrace.images").endsWith("missing"), before::toString);

    Result created = run("create", "--downstream");
    assertEquals(0, created.exitCode(), created::toString);
    assertTrue(
        created
            .line("millrace.snapshots")
            .contains("created, partitions=1, cleanup.policy=compact"),
        created::toString);
    assertTrue(created.line("millrace-small-cnn-training-state-changelog").contains("created"));
    assertTrue(created.line("millrace.unlabeled").contains("created"));

    Result again = run("create", "--downstream");
    assertEquals(0, again.exitCode(), again::toString);
    assertTrue(again.out().stream().allMatch(line -> line.endsWith("is there")), again::toString);

    Result after = run("list", "--downstream");
    assertEquals(0, after.exitCode(), after::toString);
    assertEquals(created.out().size() + 1, after.out().size(), "a line for each and the head");
    assertTrue(after.out().stream().skip(1).allMatch(l -> l.endsWith("ok")), after::toString);
  }

  @Test
  void saysWhatIsOtherThanItHasToBe() {
    cluster.createTopic("plain.snapshots"); // not compacted
    Result listed = run("list", "--set", "topics.snapshots=plain.snapshots");
    assertEquals(1, listed.exitCode(), listed::toString);
    assertTrue(
        listed.line("plain.snapshots").contains("cleanup.policy: expected compact, got delete"),
        listed::toString);
  }

  @Test
  void failsWhenThereAreTooFewBrokersForTheCopies() {
    Result refused =
        run("create", "--replication-factor", "3", "--set", "topics.images=three.images");
    assertEquals(1, refused.exitCode(), refused::toString);
    assertTrue(refused.err().contains("topic three.images: expected to be created"), refused.err());
    assertFalse(refused.out().stream().anyMatch(line -> line.startsWith("three.images")));
  }

  private static Result run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("topics"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("-b", cluster.bootstrapServers()));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        Main.execute(
            new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
    return new Result(exitCode, out.toString().lines().toList(), err.toString());
  }
}
