package io.millrace.app.dashboard;

import com.sun.net.httpserver.HttpExchange;
import io.millrace.app.dashboard.LazyPredictor.Predicted;
import io.millrace.app.dashboard.picture.Drawing;
import io.millrace.app.dashboard.picture.Pixels;
import io.millrace.app.http.Answer;
import io.millrace.app.http.HttpProblem;
import io.millrace.app.http.Response;
import io.millrace.model.tensor.Shape;
import io.millrace.topology.decode.PictureDecoder;
import io.millrace.topology.decode.PictureReader.Format;
import io.millrace.topology.decode.RejectedException;
import java.io.IOException;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;

/** What the model says to a picture, and what it saw of it. */
final class PredictEndpoint {
  private static final int MAX_BODY_BYTES = 4 << 20;
  private static final int MAX_PIXELS = 16 << 20;
  private static final int UNSUPPORTED_TYPE = 415;
  private static final int UNPROCESSABLE = 422;

  private final LazyPredictor predictor;

  PredictEndpoint(LazyPredictor predictor) {
    this.predictor = predictor;
  }

  Answer answer(HttpExchange exchange) throws IOException, HttpProblem {
    Format format = format(exchange.getRequestHeaders().getFirst("Content-Type"));
    boolean fit = Query.of(exchange).isSet("fit");
    byte[] body = Body.read(exchange, MAX_BODY_BYTES);
    byte[][] seen = new byte[1][];
    Predicted predicted =
        predictor.predict(snapshot -> {
          seen[0] = pixels(format, body, snapshot.network().input(), fit);
          return seen[0];
        });
    return Response.json(200, json(predicted, seen[0]));
  }

  private static Format format(@org.jspecify.annotations.Nullable String contentType)
      throws HttpProblem {
    String type =
        (contentType == null ? "" : contentType).split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return switch (type) {
      case "image/png" -> Format.PNG;
      case "image/jpeg" -> Format.JPEG;
      default ->
          throw new HttpProblem(
              UNSUPPORTED_TYPE,
              "Content-Type: expected image/png or image/jpeg, got another",
              Map.of("Accept-Post", "image/png, image/jpeg"));
    };
  }

  /** A picture that is already what the network takes stays as it is, whether to fit or not. */
  private static byte[] pixels(Format format, byte[] body, Shape input, boolean fit)
      throws HttpProblem {
    PictureDecoder exact = new PictureDecoder(input, MAX_PIXELS);
    try {
      return format == Format.PNG ? exact.png(body) : exact.jpeg(body);
    } catch (RejectedException e) {
      if (!fit || (input.extent(0) != 1 && input.extent(0) != 3)) {
        throw new HttpProblem(
            UNPROCESSABLE,
            e.rejected().reason()
                + ": "
                + e.rejected().message()
                + (fit ? "" : "; ?fit=1 scales the picture"));
      }
    }
    try {
      return Drawing.fit(format, body, input);
    } catch (IOException e) {
      throw new HttpProblem(UNPROCESSABLE, String.valueOf(e.getMessage()));
    }
  }

  private static byte[] json(Predicted predicted, byte[] seen) {
    Shape input = predicted.snapshot().network().input();
    int channels = input.extent(0);
    String picture =
        channels == 1 || channels == 3
            ? "data:image/png;base64,"
                + Base64.getEncoder()
                    .encodeToString(
                        new Pixels(channels, input.extent(1), input.extent(2), seen).png())
            : "";
    io.millrace.serving.Answer answer = predicted.answer();
    return io.millrace.app.http.Json.object(json -> {
      json.writeNumberField("version", answer.version());
      json.writeNumberField("step", predicted.snapshot().step());
      json.writeNumberField("label", answer.label());
      json.writeStringField("className", answer.className().orElse(null));
      json.writeArrayFieldStart("probabilities");
      for (float probability : answer.probabilities()) {
        if (Float.isFinite(probability)) {
          json.writeNumber(probability);
        } else {
          json.writeNull();
        }
      }
      json.writeEndArray();
      json.writeNumberField("ageMs", answer.ageMs());
      json.writeNumberField("millis", Math.round(predicted.millis() * 1_000) / 1_000.0);
      json.writeStringField("input", picture);
    });
  }
}
