package io.millrace.tests.compose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** The form of Grafana's dashboards and of what provisions them. */
class DashboardsTest {

  private static final int COLUMNS = 24;

  @Test
  void thereIsOneForEachSubjectWithAnIdOfItsOwn() {
    assertEquals(
        Set.of("jvm.json", "learning.json", "snapshots-and-serving.json", "stream-health.json"),
        Dashboards.all().keySet());
    Set<String> ids = new HashSet<>();
    Dashboards.all()
        .forEach((file, dashboard) ->
            assertTrue(ids.add(dashboard.path("uid").asText()), file + ": uid is taken"));
  }

  @Test
  void everyPanelSaysWhatItShowsAndInWhatUnit() {
    forEachPanel((where, panel) -> {
      assertFalse(panel.path("title").asText().isBlank(), where);
      assertFalse(panel.path("description").asText().isBlank(), where + ": description");
      JsonNode unit = panel.path("fieldConfig").path("defaults").path("unit");
      assertFalse(unit.asText().isBlank(), where + ": unit");
    });
  }

  @Test
  void everyPanelAsksTheProvisionedDataSourceForAMeter() throws IOException {
    String source =
        Files.readString(
            Dashboards.DOCKER.resolve("grafana/provisioning/datasources/prometheus.yaml"));
    forEachPanel((where, panel) -> {
      String uid = panel.path("datasource").path("uid").asText();
      assertTrue(source.contains("uid: " + uid + "\n"), where + ": data source " + uid);
      List<String> queries = Dashboards.queries(panel);
      assertFalse(queries.isEmpty(), where);
      for (String query : queries) {
        assertFalse(Dashboards.meters(query).isEmpty(), where + ": no meter in " + query);
      }
    });
  }

  @Test
  void noTwoPanelsOfADashboardOverlap() {
    Dashboards.all()
        .forEach((file, dashboard) -> {
          Set<List<Integer>> taken = new HashSet<>();
          for (JsonNode panel : Dashboards.panels(dashboard)) {
            JsonNode place = panel.path("gridPos");
            int right = place.path("x").asInt() + place.path("w").asInt();
            assertTrue(right <= COLUMNS, file + ": " + panel.path("title"));
            for (int x = place.path("x").asInt(); x < right; x++) {
              for (int row = 0; row < place.path("h").asInt(); row++) {
                assertTrue(
                    taken.add(List.of(x, place.path("y").asInt() + row)),
                    file + ": " + panel.path("title") + " lies on another");
              }
            }
          }
        });
  }

  private static void forEachPanel(BiConsumer<String, JsonNode> check) {
    Dashboards.all()
        .forEach((file, dashboard) -> {
          assertFalse(Dashboards.panels(dashboard).isEmpty(), file);
          for (JsonNode panel : Dashboards.panels(dashboard)) {
            check.accept(file + ": " + panel.path("title").asText(), panel);
          }
        });
  }
}
