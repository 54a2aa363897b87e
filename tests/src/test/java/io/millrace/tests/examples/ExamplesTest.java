package io.millrace.tests.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.schemas.RecordSignatures.Signer;
import io.millrace.schemas.Topics;
import io.millrace.serving.Answer;
import io.millrace.serving.ServingMeters;
import io.millrace.tests.serving.CountingModel;
import io.millrace.tests.serving.SnapshotWriter;
import io.millrace.tests.support.Cluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples run on a real topic, and the documentation shows them as they are. */
class ExamplesTest {
  private static final CountingModel MODEL = CountingModel.small();

  @TempDir static Path folder;

  @Test
  void examplesPredict() throws Exception {
    KeyPair key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(key.getPublic().getEncoded())
            + "\n-----END PUBLIC KEY-----\n";
    try (Cluster cluster = Cluster.embedded(folder);
        SnapshotWriter writer =
            SnapshotWriter.create(
                MODEL, cluster.bootstrapServers(), Topics.SNAPSHOTS, Topics.ALIASES)) {
      writer.sign(Optional.of(new Signer("release-2026", key.getPrivate())));
      writer.publish(1, 0);
      writer.publish(2, 0);
      assertEquals("two", ConsumerExample.classOfABlackImage(cluster.bootstrapServers()));

      writer.alias("champion", 1, MODEL.snapshot(1).sha256());
      writer.alias("challenger", 2, MODEL.snapshot(2).sha256());
      List<Answer> answers =
          PoliciesExample.predict(
              cluster.bootstrapServers(),
              pem,
              "somebody",
              List.of(MODEL.ones()),
              ServingMeters.of(new SimpleMeterRegistry()));
      Answer answer = answers.getFirst();
      assertArrayEquals(MODEL.answer(answer.version()), answer.probabilities());
      assertTrue(!answer.stale() && answer.ageMs() >= 0, answer::toString);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ConsumerExample", "PoliciesExample"})
  void theDocumentationShowsThemAsTheyAre(String name) throws IOException {
    Path home = Path.of(System.getProperty("millrace.home", "."));
    String source =
        Files.readString(
            home.resolve("tests/src/test/java/io/millrace/tests/examples/" + name + ".java"));
    String shown =
        source
            .substring(
                source.indexOf("// begin\n") + "// begin\n".length(), source.indexOf("  // end"))
            .stripTrailing()
            .stripIndent();
    String page = Files.readString(home.resolve("docs/serving.md"));
    assertTrue(shown.length() > 100, name);
    assertTrue(page.contains(shown), () -> "docs/serving.md: expected\n" + shown);
  }
}
