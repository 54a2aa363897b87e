package io.millrace.app.learner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.app.network.NetworkFiles;
import io.millrace.topology.StreamsProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The page in docs/ is what the code says. */
class ConfigReferenceTest {

  private static final Path PAGE =
      Path.of(System.getProperty("millrace.home"), "docs", "configuration.md");

  @Test
  void thePageIsWhatTheCodeSays() throws IOException {
    assertEquals(
        ConfigReference.markdown(),
        Files.exists(PAGE) ? Files.readString(PAGE) : "",
        "docs/configuration.md is not what the code says;"
            + " ./millrace config --markdown > docs/configuration.md writes it anew");
  }

  @Test
  void thePageIsTheSameOnEveryMachine() {
    String page = ConfigReference.markdown();
    assertFalse(page.contains(System.getProperty("user.home")), page);
    assertTrue(page.contains("| `kafka.state.dir` | `~/.millrace/state` |"), page);
  }

  @Test
  void everyDefaultOfKafkaHasItsReason() {
    Set<String> defaults =
        StreamsProperties.defaults("m", NetworkFiles.load("lenet5", Path.of("").toAbsolutePath()))
            .keySet();
    assertEquals(new TreeSet<>(defaults), new TreeSet<>(KafkaNotes.BY_PROPERTY.keySet()));
  }
}
