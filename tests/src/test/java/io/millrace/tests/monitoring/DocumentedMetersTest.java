package io.millrace.tests.monitoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.Meter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.ControlKind;
import io.millrace.ControlOutcome;
import io.millrace.app.monitoring.ProcessMeters;
import io.millrace.serving.Predictor;
import io.millrace.serving.ServingMeters;
import io.millrace.tests.support.Cluster;
import io.millrace.tests.support.TestLearner;
import io.millrace.topology.labels.LabelJoinMeters;
import io.millrace.topology.learn.LearnerMeters;
import io.millrace.topology.learn.Observer;
import io.millrace.topology.predict.PredictMeters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of docs/metrics.md against what is registered. */
class DocumentedMetersTest {

  /** A row of the table: meter, Prometheus, type, unit, tags, meaning. */
  private static final Pattern ROW =
      Pattern.compile(
          "\\| `(millrace\\.[a-z.]+)` \\| `(millrace_[a-z_]+)` \\| (\\w+) \\|([^|]*)\\|([^|]*)\\|");

  private record Documented(String prometheus, String type, String unit, String tags) {}

  private static SortedMap<String, Documented> documented() throws IOException {
    Path page =
        Path.of(System.getProperty("millrace.home", "..")).resolve("docs").resolve("metrics.md");
    SortedMap<String, Documented> rows = new TreeMap<>();
    for (String line : Files.readAllLines(page)) {
      Matcher matcher = ROW.matcher(line);
      if (matcher.find()) {
        rows.put(
            matcher.group(1),
            new Documented(
                matcher.group(2),
                matcher.group(3),
                matcher.group(4).strip(),
                matcher.group(5).strip()));
      }
    }
    assertTrue(rows.size() > 20, rows.keySet()::toString);
    return rows;
  }

  /** Meters of the learner, of predictions, of the join and of serving. */
  private static PrometheusMeterRegistry registered() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    var config =
        TestLearner.withDefaults()
            .config(
                Cluster.topics("run", "images"),
                TestLearner.network(),
                Map.of("bootstrap.servers", "none:1"));
    LearnerMeters learner = new LearnerMeters(registry, config, new Observer() {});
    learner.answered(ControlKind.PAUSE, ControlOutcome.APPLIED, "");
    assertEquals(0, new PredictMeters(registry).predictions());
    assertEquals(0, new LabelJoinMeters(registry).joined());
    new Predictor(Predictor.Options.defaults().withMeters(ServingMeters.of(registry))).close();
    ProcessMeters.bind(registry).close();
    return registry;
  }

  @Test
  void everyMeterOfALearnerAndOfPredictionsIsInTheTableAsItIs() throws Exception {
    SortedMap<String, Documented> documented = documented();
    PrometheusMeterRegistry registry = registered();
    String scrape = registry.scrape();
    List<Meter.Id> ids =
        registry.getMeters().stream()
            .map(Meter::getId)
            .filter(id -> id.getName().startsWith("millrace."))
            .toList();
    assertTrue(ids.size() > 20, ids::toString);
    List<String> wrong = new ArrayList<>();
    for (Meter.Id id : ids) {
      Documented row = documented.get(id.getName());
      String tags =
          id.getTags().stream()
              .map(tag -> "`" + tag.getKey() + "`")
              .collect(Collectors.joining(", "));
      if (row == null) {
        wrong.add(id.getName() + ": not in the table");
      } else if (!row.type().equals(id.getType().name().toLowerCase(Locale.ROOT))) {
        wrong.add(id.getName() + ": expected type " + id.getType() + ", got " + row.type());
      } else if (!row.unit().equals(unit(id))) {
        wrong.add(id.getName() + ": expected unit '" + unit(id) + "', got '" + row.unit() + "'");
      } else if (!row.tags().equals(tags)) {
        wrong.add(id.getName() + ": expected tags " + tags + ", got " + row.tags());
      } else if (scrape
          .lines()
          .noneMatch(line -> line.startsWith("# TYPE " + row.prometheus() + " "))) {
        wrong.add(id.getName() + ": expected its name for Prometheus, got " + row.prometheus());
      }
    }
    assertEquals(List.of(), wrong);
  }

  private static String unit(Meter.Id id) {
    String unit = id.getBaseUnit();
    return unit != null ? unit : id.getType() == Meter.Type.TIMER ? "seconds" : "";
  }

  @Test
  void theTableListsNoMeterOfALearnerThatIsNotThere() throws Exception {
    var names =
        registered().getMeters().stream()
            .map(meter -> meter.getId().getName())
            .collect(Collectors.toCollection(TreeSet::new));
    List<String> gone =
        documented().keySet().stream()
            .filter(name ->
                name.startsWith("millrace.training.") || name.startsWith("millrace.snapshots."))
            .filter(name -> !names.contains(name))
            .toList();
    assertEquals(List.of(), gone);
  }
}
