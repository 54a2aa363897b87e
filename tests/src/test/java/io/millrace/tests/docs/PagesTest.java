package io.millrace.tests.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Links of the pages lead somewhere, and every page is listed. */
class PagesTest {

  private static final Pattern ELSEWHERE = Pattern.compile("[a-z]+:.*");

  @Test
  void everyLinkLeadsToAFileAndAHeading() {
    List<String> broken = new ArrayList<>();
    int checked = 0;
    for (Page page : Page.all()) {
      for (String link : page.links()) {
        if (!ELSEWHERE.matcher(link).matches()) {
          checked++;
          if (!leadsSomewhere(page, link)) {
            broken.add(page.file() + ": " + link);
          }
        }
      }
    }
    assertEquals(List.of(), broken, "links that lead nowhere");
    assertTrue(checked > 80, () -> "expected the pages' links, got hardly any");
  }

  @Test
  void aLinkThatLeadsNowhereWouldBeFound() {
    Page page =
        Page.parse(
            Path.of("docs/x.md"),
            List.of(
                "# A `b`, c", "[a](guarantees.md#no-such) `[b](nowhere.md)`", "", "    [c](d)"));
    assertEquals(List.of("guarantees.md#no-such"), page.links());
    assertEquals(Set.of("a-b-c"), page.anchors());
    assertTrue(!leadsSomewhere(page, "guarantees.md#no-such"));
    assertTrue(!leadsSomewhere(page, "nowhere.md"));
    assertTrue(leadsSomewhere(page, "guarantees.md#poll-safety"));
    assertTrue(leadsSomewhere(page, "#a-b-c"));
  }

  private static boolean leadsSomewhere(Page page, String link) {
    int hash = link.indexOf('#');
    String path = hash < 0 ? link : link.substring(0, hash);
    Path target = path.isEmpty() ? page.file() : page.file().resolveSibling(path).normalize();
    if (!Files.exists(Page.ROOT.resolve(target))) {
      return false;
    }
    if (hash < 0) {
      return true;
    }
    Page to = target.equals(page.file()) ? page : Page.read(target);
    return to.anchors().contains(link.substring(hash + 1));
  }

  @Test
  void everyPageOfDocsIsInItsIndex() {
    Path index = Path.of("docs/README.md");
    Set<String> listed = new TreeSet<>(Page.read(index).links());
    Set<String> pages =
        Page.all().stream()
            .map(Page::file)
            .filter(file -> file.startsWith("docs") && !file.equals(index))
            .map(file -> Path.of("docs").relativize(file).toString().replace('\\', '/'))
            .collect(Collectors.toCollection(TreeSet::new));
    pages.removeAll(listed);
    assertEquals(Set.of(), pages, "pages that docs/README.md does not list");
  }

  @Test
  void theClassesThatArchitectureNamesExist() throws IOException {
    Page page = Page.read(Path.of("docs/architecture.md"));
    Set<String> named = classes(page, Pattern.compile("[A-Z][a-z]+[A-Za-z0-9]*"));
    assertTrue(named.size() > 60, () -> "expected a page full of classes, got " + named);
    named.removeAll(sources());
    assertEquals(Set.of(), named, "classes that docs/architecture.md names and nobody wrote");
  }

  @Test
  void theTestsThatPagesNameExist() throws IOException {
    Set<String> named = new TreeSet<>();
    for (Page page : Page.all()) {
      named.addAll(classes(page, Pattern.compile("[A-Z][A-Za-z0-9]+Test")));
    }
    assertTrue(named.size() > 30, () -> "expected the names of tests, got " + named);
    named.removeAll(sources());
    assertEquals(Set.of(), named, "tests that pages name and nobody wrote");
  }

  @Test
  void theAlertsAskForMetersThatAreDocumented() throws IOException {
    String rules = Files.readString(Page.ROOT.resolve("docs/alerts.yaml"));
    Set<String> asked = matches("millrace_[a-z_]+", rules);
    assertTrue(asked.size() > 5, () -> "expected rules that ask for meters, got " + asked);
    asked.removeAll(
        matches("millrace_[a-z_]+", Files.readString(Page.ROOT.resolve("docs/metrics.md"))));
    assertEquals(Set.of(), asked, "meters that docs/metrics.md does not know");
  }

  @Test
  void theOperationsGuideSaysWhatToDoAtEachAlert() throws IOException {
    Set<String> alerts =
        matches("(?<=alert: )\\w+", Files.readString(Page.ROOT.resolve("docs/alerts.yaml")));
    assertTrue(alerts.size() > 5, () -> "expected alerts, got " + alerts);
    alerts.removeAll(Page.read(Path.of("docs/operations.md")).codeSpans());
    assertEquals(Set.of(), alerts, "alerts that docs/operations.md does not speak of");
  }

  private static Set<String> matches(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> classes(Page page, Pattern name) {
    return page.codeSpans().stream()
        .filter(span -> name.matcher(span).matches())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Simple names of the project's classes and records. */
  private static Set<String> sources() throws IOException {
    try (Stream<Path> files = Files.walk(Page.ROOT)) {
      return files
          .map(Path::toString)
          .filter(file -> file.contains("/src/") && file.matches(".*\\.(java|avsc)"))
          .map(file -> file.substring(file.lastIndexOf('/') + 1, file.lastIndexOf('.')))
          .collect(Collectors.toSet());
    }
  }
}
