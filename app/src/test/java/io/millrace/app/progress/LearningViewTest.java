package io.millrace.app.progress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.app.terminal.Screen;
import io.millrace.app.terminal.ScreenOfWidth;
import io.millrace.app.terminal.Style;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LearningViewTest {

  private static final String DOWNSTREAM =
      "version 12 (step 1,500): 88.41 % of 1,000 held-out images";

  private final StringWriter out = new StringWriter();

  @ParameterizedTest
  @ValueSource(ints = {60, 80, 120})
  void blockFitsTheTerminalAndLeavesNothingOut(int columns) {
    Screen screen = ScreenOfWidth.of(new PrintWriter(out), columns);
    double[] falling = new double[500];
    for (int i = 0; i < falling.length; i++) {
      falling[i] = falling.length - i;
    }
    List<String> lines =
        new LearningBlock(screen)
            .lines(
                new LearningState(
                    "",
                    Optional.of(SomeMetrics.at(1_500)),
                    falling,
                    falling,
                    OptionalLong.of(60_000),
                    Optional.of(DOWNSTREAM),
                    Optional.of(
                        "10 minibatches in a row were refused; ./millrace control resume")));
    for (String line : lines) {
      assertTrue(Style.width(line) < columns, () -> Style.width(line) + ": " + line);
    }
    String plain =
        String.join("\n", lines).replaceAll("\u001b\\[[0-9;]*m", "").replaceAll("\\s+", " ");
    for (String fact :
        List.of(
            "48,000 of 60,000",
            "2,534 images/s",
            "0:05 left",
            "loss 0.1250",
            "accuracy 94.4 %",
            "learning rate 0.015",
            "lag 5,000 (0:02)",
            "version 12",
            "dead letters 3",
            "skipped minibatches 1",
            DOWNSTREAM,
            "paused 10 minibatches in a row were refused; ./millrace control resume")) {
      assertTrue(plain.contains(fact), () -> fact + " in " + plain);
    }
  }

  @Test
  void saysWhatItWaitsForBeforeTheFirstMinibatch() {
    Screen screen = ScreenOfWidth.of(new PrintWriter(out), 80);
    LearningView view = new LearningView(screen, OptionalLong.empty(), 5, "resume");
    view.started("shoes", "lenet5", "shop.images", "broker:9092", 2);
    view.turn();
    assertTrue(out.toString().contains("waiting for the first minibatch of shop.images"), "" + out);
  }

  @Test
  void pipedOutputIsPlainLinesOfWhatIsNew() {
    Screen screen = Screen.plain(new PrintWriter(out));
    LearningView view = new LearningView(screen, OptionalLong.empty(), 0, "resume goes on");
    view.started("shoes", "lenet5", "shop.images", "broker:9092", 2);
    view.metrics(SomeMetrics.at(100));
    view.turn();
    view.turn();
    view.paused(Optional.of("an operator asked"));
    view.paused(Optional.of("an operator asked"));
    view.paused(Optional.empty());
    view.metrics(SomeMetrics.at(200));
    view.end();
    assertEquals(
        List.of(
            "learning shoes (lenet5) from shop.images on broker:9092 with 2 threads",
            "step 100  images 3,200  loss 1.0000  accuracy 55.0 %  rate 0.01500  2,534 images/s"
                + "  lag 5,000  dead letters 3  skipped 1  version 12",
            "PAUSED: an operator asked; resume goes on",
            "RESUMED",
            "step 200  images 6,400  loss 0.6667  accuracy 70.0 %  rate 0.01500  2,534 images/s"
                + "  lag 5,000  dead letters 3  skipped 1  version 12"),
        out.toString().lines().toList());
  }

  @Test
  void jsonIsALineForEachEvent() throws Exception {
    JsonReport report = new JsonReport(new PrintWriter(out), 0);
    report.started("shoes", "lenet5", "shop.images", "broker:9092", 2);
    report.metrics(SomeMetrics.at(100));
    report.turn();
    report.turn();
    report.paused(Optional.of("said \"stop\""));
    report.paused(Optional.empty());
    report.end();
    List<Map<String, String>> events = out.toString().lines().map(LearningViewTest::parse).toList();
    assertEquals(
        List.of("started", "progress", "paused", "resumed", "stopped"),
        events.stream().map(event -> event.getOrDefault("event", "")).toList());
    assertEquals("3200", events.get(1).get("images"));
    assertEquals(
        "55.0",
        String.format(
            "%.1f", 100 * Double.parseDouble(events.get(1).getOrDefault("accuracy", "0"))));
    assertEquals("said \"stop\"", events.get(2).get("reason"));
  }

  @Test
  void historyKeepsTheWholeRunInBoundedMemory() {
    History history = new History();
    for (int i = 0; i < 100_000; i++) {
      history.add(i);
    }
    double[] values = history.values();
    assertTrue(values.length > History.MOST / 2 && values.length <= History.MOST);
    assertTrue(values[0] < 500, () -> "begins at " + values[0]);
    assertTrue(values[values.length - 1] > 99_000, () -> "ends at " + values[values.length - 1]);
    for (int i = 1; i < values.length; i++) {
      assertTrue(values[i] > values[i - 1]);
    }
  }

  private static Map<String, String> parse(String line) {
    Map<String, String> fields = new LinkedHashMap<>();
    try (JsonParser parser = new JsonFactory().createParser(line)) {
      assertEquals(JsonToken.START_OBJECT, parser.nextToken());
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        fields.put(name, parser.getText());
      }
      return fields;
    } catch (IOException e) {
      throw new AssertionError(line, e);
    }
  }
}
