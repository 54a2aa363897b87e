package io.millrace.tests.compose;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The dashboards that Grafana is provisioned with. */
final class Dashboards {

  static final Path DOCKER = Path.of(System.getProperty("millrace.home", "."), "docker");

  private static final Path FOLDER = DOCKER.resolve("grafana/dashboards");

  /** Every meter of Millrace and of what it runs on begins so; {@code up} is Prometheus's own. */
  private static final Pattern METER =
      Pattern.compile("\\b(?:millrace|kafka|jvm|process|system)_[a-z0-9_]+|\\bup(?=\\{)");

  private Dashboards() {}

  /** By file name. */
  static SortedMap<String, JsonNode> all() {
    ObjectMapper json = new ObjectMapper();
    SortedMap<String, JsonNode> dashboards = new TreeMap<>();
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path file : files.toList()) {
        dashboards.put(file.getFileName().toString(), json.readTree(file.toFile()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the dashboards", e);
    }
    return dashboards;
  }

  static List<JsonNode> panels(JsonNode dashboard) {
    return StreamSupport.stream(dashboard.path("panels").spliterator(), false).toList();
  }

  /** The queries of a panel. */
  static List<String> queries(JsonNode panel) {
    return StreamSupport.stream(panel.path("targets").spliterator(), false)
        .map(target -> target.path("expr").asText())
        .toList();
  }

  /** The meters that a query asks for. */
  static List<String> meters(String query) {
    return METER.matcher(query).results().map(MatchResult::group).toList();
  }

  /** Every meter of every dashboard, with one of the panels that ask for it. */
  static Map<String, String> meters() {
    Map<String, String> meters = new TreeMap<>();
    all()
        .forEach((file, dashboard) ->
            panels(dashboard)
                .forEach(panel ->
                    queries(panel).stream()
                        .flatMap(query -> meters(query).stream())
                        .forEach(meter ->
                            meters.put(meter, file + ": " + panel.path("title").asText()))));
    return meters;
  }
}
