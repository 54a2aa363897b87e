package io.millrace.app.demo;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the demo was asked for.
 *
 * @param limit images at the most
 * @param rate images a second, 0 for no limit
 * @param threads 0 for one per processor
 * @param overrides of the learner's configuration, {@code key=value}
 * @param folder where everything is kept
 * @param port 0 for the last or a free one
 * @param page whether to serve the page
 * @param pagePort the page's port; the next free one if it is taken, 0 for any
 * @param tensorBoard where an event file is to be written
 */
record DemoSettings(
    String network,
    String dataset,
    long limit,
    int passes,
    double rate,
    int batchSize,
    int threads,
    long seed,
    List<String> overrides,
    Path folder,
    int port,
    boolean page,
    int pagePort,
    boolean fresh,
    boolean exitWhenDone,
    Optional<Path> tensorBoard) {

  DemoSettings {
    overrides = List.copyOf(overrides);
    if (passes < 1 || limit < 1 || batchSize < 1 || rate < 0) {
      throw new IllegalArgumentException(
          "demo: expected --passes, --limit and --batch-size of at least 1 and --rate of at least"
              + " 0, got "
              + passes
              + ", "
              + limit
              + ", "
              + batchSize
              + " and "
              + rate);
    }
  }
}
