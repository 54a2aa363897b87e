package io.millrace.app.dashboard;

import com.sun.net.httpserver.HttpExchange;
import io.millrace.app.dashboard.feed.RecordFetcher;
import io.millrace.app.dashboard.panel.LayersPanel;
import io.millrace.app.dashboard.picture.FilterPicture;
import io.millrace.app.dashboard.picture.RecordPictures;
import io.millrace.app.http.Answer;
import io.millrace.app.http.HttpProblem;
import io.millrace.app.http.Response;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Pictures: of records by where they stand, and of the first convolution's filters. */
final class PictureEndpoints {
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int UNAVAILABLE = 503;
  private static final Pattern PLACE =
      Pattern.compile("/api/[a-z]+/([0-9]{1,9})/([0-9]{1,18})\\.png");

  /** What stands at an offset never changes. */
  private static final Map<String, String> FOR_EVER =
      Map.of("Cache-Control", "private, max-age=86400, immutable");

  private final RecordFetcher fetcher;
  private final RecordPictures pictures;
  private final LayersPanel layers;

  PictureEndpoints(RecordFetcher fetcher, RecordPictures pictures, LayersPanel layers) {
    this.fetcher = fetcher;
    this.pictures = pictures;
    this.layers = layers;
  }

  /** The picture of a record of a topic. */
  Answer record(String topic, HttpExchange exchange) throws HttpProblem {
    Matcher place = PLACE.matcher(exchange.getRequestURI().getPath());
    if (!place.matches()) {
      throw new HttpProblem(NOT_FOUND, "path: expected /api/images/PARTITION/OFFSET.png");
    }
    int partition = Integer.parseInt(place.group(1));
    long offset = Long.parseLong(place.group(2));
    byte[] png =
        value(fetcher, topic, partition, offset)
            .flatMap(pictures::png)
            .orElseThrow(() ->
                new HttpProblem(
                    NOT_FOUND,
                    topic
                        + "-"
                        + partition
                        + "@"
                        + offset
                        + ": expected a record with a picture, got none, or none any more"));
    return new Response(OK, "image/png", png, FOR_EVER);
  }

  /** A record's value. */
  static Optional<byte[]> value(RecordFetcher fetcher, String topic, int partition, long offset)
      throws HttpProblem {
    try {
      return fetcher.value(topic, partition, offset);
    } catch (RecordFetcher.BusyException e) {
      throw new HttpProblem(
          UNAVAILABLE, String.valueOf(e.getMessage()), Map.of("Retry-After", "1"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HttpProblem(UNAVAILABLE, "the server closes");
    }
  }

  /** The newest filters. */
  Answer filters() throws HttpProblem {
    byte[] png =
        layers
            .filters()
            .flatMap(FilterPicture::png)
            .orElseThrow(() ->
                new HttpProblem(
                    NOT_FOUND, "filters: expected those of a convolution, got none (yet)"));
    return new Response(OK, "image/png", png, Map.of("Cache-Control", "private, max-age=3600"));
  }
}
