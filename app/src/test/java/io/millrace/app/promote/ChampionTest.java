package io.millrace.app.promote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.serving.ModelSelection;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ChampionTest {

  private static final ModelSelection ALIAS = new ModelSelection.Alias("champion");
  private static final Duration SOON = Duration.ofMillis(20);

  private final Champion champion = new Champion();

  @Test
  void nothingHasTheNameOnlyOnceTheTopicSaysSo() throws InterruptedException {
    assertThrows(IllegalStateException.class, () -> champion.await(SOON));
    champion.onUnavailable(ALIAS, "found none");
    assertEquals(Optional.empty(), champion.await(SOON));
  }

  @Test
  void aNamedVersionThatCannotBeHadIsNotAsIfNothingHadTheName() {
    champion.onAlias("champion", OptionalLong.of(7));
    assertThrows(IllegalStateException.class, () -> champion.await(SOON));
    champion.onUnavailable(ALIAS, "version 7 is gone");
    IllegalStateException error =
        assertThrows(IllegalStateException.class, () -> champion.await(SOON));
    assertTrue(String.valueOf(error.getMessage()).contains("version 7 is gone"));
    assertThrows(IllegalStateException.class, () -> champion.awaitVersion(7, SOON));
  }
}
