package io.millrace.tests.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The list of what ships, which Maven's phase verify writes, and the NOTICE are complete. */
class BillOfMaterialsTest {

  private static final Path TARGET = Page.ROOT.resolve("app/target");

  /**
   * What an Apache-2.0 program may ship: permissive, or unchanged libraries that stay their own.
   */
  private static final Set<String> ACCEPTED =
      Set.of(
          "Apache-2.0",
          "MIT",
          "BSD-2-Clause",
          "BSD-3-Clause",
          "CC0-1.0",
          "EPL-1.0",
          "EPL-2.0",
          "LGPL-2.1-only",
          "Go License"); // BSD-3-Clause

  @Test
  void itListsExactlyTheJarsThatShip() throws IOException {
    assertEquals(jars(), components().stream().map(BillOfMaterialsTest::jar).collect(sorted()));
  }

  @Test
  void everyPartHasALicenceThatMayShip() throws IOException {
    List<String> refused = new ArrayList<>();
    for (JsonNode component : components()) {
      Set<String> licences =
          component.path("licenses").findValuesAsText("id").stream().collect(sorted());
      licences.addAll(component.path("licenses").findValuesAsText("name"));
      if (licences.stream().noneMatch(ACCEPTED::contains)) {
        refused.add(component.path("name").asText() + " " + licences);
      }
    }
    assertEquals(List.of(), refused, "parts without an accepted licence");
  }

  @Test
  void theNoticeNamesEveryPartOfOthers() throws IOException {
    String notice = Files.readString(Page.ROOT.resolve("NOTICE"));
    List<String> missing =
        components().stream()
            .filter(component -> !isOurs(component))
            .map(component ->
                component.path("group").asText() + ":" + component.path("name").asText())
            .filter(name -> !notice.lines().anyMatch(line -> line.strip().equals(name)))
            .toList();
    assertEquals(List.of(), missing, "parts that NOTICE does not name");
  }

  private static boolean isOurs(JsonNode component) {
    return component.path("group").asText().equals("io.millrace");
  }

  private static String jar(JsonNode component) {
    return component.path("name").asText() + "-" + component.path("version").asText() + ".jar";
  }

  private static Set<String> jars() throws IOException {
    try (Stream<Path> files = Files.list(TARGET.resolve("lib"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.startsWith("millrace-app-"))
          .collect(sorted());
    }
  }

  private static List<JsonNode> components() throws IOException {
    Path file = TARGET.resolve("bom.json");
    // The plugin asks Maven to be online, although it looks nothing up that is there.
    assumeTrue(
        Files.exists(file),
        () -> "expected " + file + ", got none; ./mvnw verify writes it, but not with --offline");
    List<JsonNode> components = new ArrayList<>();
    new ObjectMapper().readTree(file.toFile()).path("components").forEach(components::add);
    assertTrue(components.size() > 40, () -> "expected what ships, got " + components.size());
    return components;
  }

  private static java.util.stream.Collector<String, ?, Set<String>> sorted() {
    return Collectors.toCollection(TreeSet::new);
  }
}
