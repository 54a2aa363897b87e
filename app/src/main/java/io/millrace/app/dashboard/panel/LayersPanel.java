package io.millrace.app.dashboard.panel;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.ActivationStatistics;
import io.millrace.ConvolutionFilters;
import io.millrace.Histogram;
import io.millrace.LayerStatistics;
import io.millrace.ParameterStatistics;
import io.millrace.app.http.Json;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How the network looks from inside, and how fast its parameters moved until now. */
public final class LayersPanel implements Panel {
  private static final int MAX_HISTORY = 300;

  private final ArrayDeque<Ratios> history = new ArrayDeque<>();
  private @Nullable LayerStatistics newest;
  private boolean changed;

  private record Ratios(long step, Map<String, Double> byParameter) {}

  /** Takes the next record. */
  public synchronized void accept(LayerStatistics statistics) {
    Map<String, Double> ratios = new LinkedHashMap<>();
    for (ParameterStatistics parameter : statistics.getParameters()) {
      ratios.put(parameter.getName(), ratio(parameter));
    }
    history.addLast(new Ratios(statistics.getStep(), ratios));
    if (history.size() > MAX_HISTORY) {
      history.removeFirst();
    }
    newest = statistics;
    changed = true;
  }

  /** The filters of the first convolution, once they are known. */
  public synchronized Optional<ConvolutionFilters> filters() {
    return newest == null ? Optional.empty() : newest.getFilters();
  }

  /** How far a step moved the weights, as a share of how large they are; NaN of all zeros. */
  private static double ratio(ParameterStatistics parameter) {
    return parameter.getUpdateNorm() / parameter.getWeightNorm();
  }

  @Override
  public String event() {
    return "layers";
  }

  @Override
  public synchronized byte[] whole() {
    return json(true);
  }

  @Override
  public synchronized Optional<byte[]> change() {
    if (!changed) {
      return Optional.empty();
    }
    changed = false;
    return Optional.of(json(false));
  }

  @Override
  public boolean changesAreWhole() {
    return false;
  }

  private byte[] json(boolean withHistory) {
    LayerStatistics of = newest;
    return Json.object(json -> {
      json.writeFieldName("step");
      if (of == null) {
        json.writeNull();
        json.writeArrayFieldStart("parameters");
        json.writeEndArray();
        json.writeArrayFieldStart("activations");
        json.writeEndArray();
        json.writeNullField("filters");
      } else {
        json.writeNumber(of.getStep());
        write(json, of);
      }
      if (withHistory) {
        writeHistory(json);
      }
    });
  }

  private static void write(JsonGenerator json, LayerStatistics statistics) throws IOException {
    json.writeArrayFieldStart("parameters");
    for (ParameterStatistics parameter : statistics.getParameters()) {
      json.writeStartObject();
      json.writeStringField("name", parameter.getName());
      JsonValues.number(json, "weightNorm", parameter.getWeightNorm());
      JsonValues.number(json, "gradientNorm", parameter.getGradientNorm());
      JsonValues.number(json, "updateNorm", parameter.getUpdateNorm());
      JsonValues.number(json, "ratio", ratio(parameter));
      histogram(json, "weights", parameter.getWeights());
      histogram(json, "gradients", parameter.getGradients());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("activations");
    for (ActivationStatistics activation : statistics.getActivations()) {
      json.writeStartObject();
      json.writeStringField("layer", activation.getLayer());
      JsonValues.ints(json, "shape", activation.getShape());
      JsonValues.number(json, "mean", activation.getMean());
      JsonValues.number(json, "standardDeviation", activation.getStandardDeviation());
      JsonValues.number(json, "zeros", activation.getZeros());
      histogram(json, "values", activation.getValues());
      json.writeEndObject();
    }
    json.writeEndArray();
    Optional<ConvolutionFilters> filters = statistics.getFilters();
    if (filters.isEmpty()) {
      json.writeNullField("filters");
    } else {
      json.writeObjectFieldStart("filters");
      json.writeStringField("parameter", filters.get().getParameter());
      JsonValues.ints(json, "shape", filters.get().getShape());
      json.writeEndObject();
    }
  }

  private static void histogram(JsonGenerator json, String field, Histogram histogram)
      throws IOException {
    json.writeObjectFieldStart(field);
    JsonValues.number(json, "low", histogram.getLow());
    JsonValues.number(json, "high", histogram.getHigh());
    JsonValues.ints(json, "counts", histogram.getCounts());
    json.writeNumberField("notFinite", histogram.getNotFinite());
    json.writeEndObject();
  }

  private void writeHistory(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("history");
    for (Ratios each : history) {
      json.writeStartObject();
      json.writeNumberField("step", each.step());
      json.writeObjectFieldStart("ratios");
      for (Map.Entry<String, Double> ratio : each.byParameter().entrySet()) {
        JsonValues.number(json, ratio.getKey(), ratio.getValue());
      }
      json.writeEndObject();
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
