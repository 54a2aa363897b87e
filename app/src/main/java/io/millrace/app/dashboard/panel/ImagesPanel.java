package io.millrace.app.dashboard.panel;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.ImagePrediction;
import io.millrace.TrainingMetrics;
import io.millrace.app.dashboard.history.PredictionWindow;
import io.millrace.app.dashboard.history.Shown;
import java.io.IOException;
import java.util.List;
import java.util.function.IntSupplier;

/** The newest images, the worst mistakes and how classes are confused; without their pictures. */
public final class ImagesPanel extends WholePanel {
  private static final int WINDOW = 2_000;
  private static final int SHOWN = 24;

  /** A matrix of more could not be read, and would be most of what is sent. */
  private static final int MAX_CLASSES = 100;

  private final PredictionWindow window = new PredictionWindow(WINDOW);
  private final IntSupplier classes;

  /**
   * A panel without images.
   *
   * @param classes of the network
   */
  public ImagesPanel(IntSupplier classes) {
    super("images");
    this.classes = classes;
  }

  /** Takes the predictions of the next minibatch. */
  public void accept(TrainingMetrics metrics) {
    for (ImagePrediction each : metrics.getPredictions()) {
      window.add(
          new Shown(
              each.getPartition(),
              each.getOffset(),
              each.getLabel(),
              each.getPredicted(),
              each.getProbability(),
              each.getLoss(),
              metrics.getStep()));
    }
    if (!metrics.getPredictions().isEmpty()) {
      changed();
    }
  }

  @Override
  void write(JsonGenerator json) throws IOException {
    write(json, "latest", window.latest(SHOWN));
    write(json, "worst", window.worst(SHOWN));
    int size = classes.getAsInt();
    json.writeObjectFieldStart("confusion");
    json.writeNumberField("size", window.size());
    json.writeArrayFieldStart("counts");
    for (int[] row : window.confusion(size > MAX_CLASSES ? 0 : size)) {
      json.writeArray(row, 0, row.length);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, String field, List<Shown> images)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (Shown image : images) {
      json.writeStartObject();
      json.writeNumberField("partition", image.partition());
      json.writeNumberField("offset", image.offset());
      json.writeNumberField("label", image.label());
      json.writeNumberField("predicted", image.predicted());
      JsonValues.number(json, "probability", image.probability());
      JsonValues.number(json, "loss", image.loss());
      json.writeNumberField("step", image.step());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
