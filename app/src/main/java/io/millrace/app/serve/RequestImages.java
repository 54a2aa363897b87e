package io.millrace.app.serve;

import io.millrace.app.http.HttpProblem;
import io.millrace.model.tensor.Shape;
import io.millrace.topology.decode.PictureDecoder;
import io.millrace.topology.decode.RejectedException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The images of one request.
 *
 * @param pixels of each, unsigned bytes in [c][h][w] order
 * @param several whether the client sent a list, and wants one back
 */
record RequestImages(List<byte[]> pixels, boolean several) {
  private static final int UNSUPPORTED_TYPE = 415;
  private static final int UNPROCESSABLE = 422;
  private static final String TYPES = "image/png, image/jpeg, application/json";

  /** Reads a body as its content type says. */
  static RequestImages read(String contentType, byte[] body, Shape input, int maxImages)
      throws HttpProblem {
    String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    PictureDecoder pictures = new PictureDecoder(input, ServeOptions.MAX_PIXELS);
    try {
      return switch (type) {
        case "image/png" -> new RequestImages(List.of(pictures.png(body)), false);
        case "image/jpeg" -> new RequestImages(List.of(pictures.jpeg(body)), false);
        case "application/json" -> JsonImages.parse(body, input, maxImages);
        default ->
            throw new HttpProblem(
                UNSUPPORTED_TYPE,
                "Content-Type: expected one of "
                    + TYPES
                    + ", got "
                    + (type.isEmpty() ? "none" : printable(type)),
                Map.of("Accept-Post", TYPES));
      };
    } catch (RejectedException e) {
      throw new HttpProblem(UNPROCESSABLE, e.rejected().reason() + ": " + e.rejected().message());
    }
  }

  private static String printable(String type) {
    return type.length() > 100 ? type.substring(0, 100) + "..." : type;
  }
}
