package io.millrace.benchmarks.engines;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Keeps the peers' notices, such as of a GPU that is not there, out of the tables. */
public final class Quiet {
  private static final List<String> LOGGERS = List.of("ai.djl", "org.nd4j", "org.deeplearning4j");

  private Quiet() {}

  /** Lets errors through only. */
  public static void peers() {
    for (String name : LOGGERS) {
      if (LoggerFactory.getLogger(name) instanceof Logger logger) {
        logger.setLevel(Level.ERROR);
      }
    }
  }
}
