package io.millrace.app.serve;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.app.http.HttpProblem;
import io.millrace.app.http.Json;
import io.millrace.model.tensor.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Images in JSON: {@code {"pixels": P}} for one, {@code {"images": [P, ...]}} for several. P is a
 * list of whole numbers from 0 to 255, flat in [c][h][w] order or nested as [c][h][w], and with one
 * channel also as [h][w].
 */
final class JsonImages {
  private static final int BAD_REQUEST = 400;

  private final Shape input;
  private final int maxImages;
  private final JsonParser json;

  private JsonImages(Shape input, int maxImages, JsonParser json) {
    this.input = input;
    this.maxImages = maxImages;
    this.json = json;
  }

  static RequestImages parse(byte[] body, Shape input, int maxImages) throws HttpProblem {
    try (JsonParser json = Json.FACTORY.createParser(body)) {
      return new JsonImages(input, maxImages, json).parse();
    } catch (JsonProcessingException e) {
      throw new HttpProblem(
          BAD_REQUEST,
          "JSON: line "
              + (e.getLocation() == null ? 0 : e.getLocation().getLineNr())
              + " column "
              + (e.getLocation() == null ? 0 : e.getLocation().getColumnNr())
              + ": "
              + e.getOriginalMessage());
    } catch (IOException e) {
      throw new HttpProblem(BAD_REQUEST, "JSON: " + e.getMessage());
    }
  }

  private RequestImages parse() throws IOException, HttpProblem {
    expect(json.nextToken(), JsonToken.START_OBJECT, "an object");
    String field = json.nextFieldName();
    RequestImages images;
    if ("pixels".equals(field)) {
      expect(json.nextToken(), JsonToken.START_ARRAY, "a list of pixels");
      images = new RequestImages(List.of(image()), false);
    } else if ("images".equals(field)) {
      expect(json.nextToken(), JsonToken.START_ARRAY, "a list of images");
      images = new RequestImages(images(), true);
    } else {
      throw problem("expected the field pixels or images, got " + field);
    }
    expect(json.nextToken(), JsonToken.END_OBJECT, "no other field");
    if (json.nextToken() != null) {
      throw problem("expected nothing after the object, got more");
    }
    return images;
  }

  private List<byte[]> images() throws IOException, HttpProblem {
    List<byte[]> images = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      expect(json.currentToken(), JsonToken.START_ARRAY, "a list of pixels");
      if (images.size() == maxImages) {
        throw problem("expected at most " + maxImages + " images, got more");
      }
      images.add(image());
    }
    if (images.isEmpty()) {
      throw problem("expected at least one image, got none");
    }
    return images;
  }

  /** One image, at its opening bracket. */
  private byte[] image() throws IOException, HttpProblem {
    int depth = 1;
    JsonToken token = json.nextToken();
    while (token == JsonToken.START_ARRAY && depth < input.rank()) {
      depth++;
      token = json.nextToken();
    }
    int[] extents = extents(depth);
    byte[] pixels = new byte[input.elements()];
    int end = fill(token, extents, 0, pixels, 0, depth);
    if (end != pixels.length) {
      throw new IllegalStateException("filled " + end + " of " + pixels.length);
    }
    return pixels;
  }

  private int[] extents(int depth) throws HttpProblem {
    int[] all = input.toArray();
    if (depth == 1) {
      return new int[] {input.elements()};
    }
    if (depth == all.length) {
      return all;
    }
    if (depth == all.length - 1 && all[0] == 1) {
      return new int[] {all[1], all[2]};
    }
    throw problem(
        "pixels: expected a flat list or one nested as " + input + ", got " + depth + " levels");
  }

  /**
   * Reads a list of lists.
   *
   * @param token the one after the opening bracket
   * @param opened brackets of the levels below that were read already, this one's included
   * @return where the next pixel goes
   */
  private int fill(JsonToken token, int[] extents, int level, byte[] pixels, int at, int opened)
      throws IOException, HttpProblem {
    JsonToken next = token;
    int to = at;
    for (int i = 0; i < extents[level]; i++) {
      if (next == JsonToken.END_ARRAY) {
        throw wrongLength(extents, level, Integer.toString(i));
      }
      if (level == extents.length - 1) {
        pixels[to++] = pixel(next);
      } else if (i == 0 && opened > 1) {
        to = fill(next, extents, level + 1, pixels, to, opened - 1);
      } else {
        expect(next, JsonToken.START_ARRAY, "a list");
        to = fill(json.nextToken(), extents, level + 1, pixels, to, 1);
      }
      next = json.nextToken();
    }
    if (next != JsonToken.END_ARRAY) {
      throw wrongLength(extents, level, "more");
    }
    return to;
  }

  private byte pixel(JsonToken token) throws IOException, HttpProblem {
    if (token != JsonToken.VALUE_NUMBER_INT) {
      throw problem("pixels: expected a whole number from 0 to 255, got " + json.getText());
    }
    int value = json.getIntValue();
    if (value < 0 || value > 255) {
      throw problem("pixels: expected a whole number from 0 to 255, got " + value);
    }
    return (byte) value;
  }

  private HttpProblem wrongLength(int[] extents, int level, String got) {
    return problem(
        (extents.length == 1 ? "pixels" : "pixels, level " + (level + 1))
            + ": expected "
            + extents[level]
            + " values for an image of "
            + input
            + ", got "
            + got);
  }

  private void expect(JsonToken token, JsonToken expected, String what)
      throws IOException, HttpProblem {
    if (token != expected) {
      throw problem("expected " + what + ", got " + (token == null ? "the end" : json.getText()));
    }
  }

  private HttpProblem problem(String message) {
    return new HttpProblem(
        BAD_REQUEST, "JSON: line " + json.currentLocation().getLineNr() + ": " + message);
  }
}
