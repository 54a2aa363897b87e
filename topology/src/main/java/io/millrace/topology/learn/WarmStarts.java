package io.millrace.topology.learn;

import io.millrace.model.safetensors.SafetensorsReader;
import io.millrace.model.training.Learner;
import io.millrace.model.training.WarmStart;
import io.millrace.schemas.TensorBytes;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.config.WarmStartConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives a learner that has made no step the weights that it is to begin with. */
final class WarmStarts {

  private static final Logger LOG = LoggerFactory.getLogger(WarmStarts.class);

  private WarmStarts() {}

  /**
   * Loads the configured file, if there is one and the learner is at its beginning.
   *
   * @throws IllegalStateException if the file is not there, not the one that was configured, or
   *     does not fit the network
   */
  static void load(LearnerConfig config, Learner learner) {
    WarmStartConfig warmStart = config.warmStart();
    if (warmStart.file().isEmpty() || learner.step() > 0) {
      return;
    }
    Path file = warmStart.file().get();
    try {
      byte[] bytes = Files.readAllBytes(file);
      String sha256 = TensorBytes.sha256(bytes);
      if (!sha256.equals(warmStart.sha256())) {
        throw new IllegalStateException(
            "warm start: "
                + file
                + ": expected SHA-256 "
                + warmStart.sha256()
                + ", got "
                + sha256
                + "; the file has changed since the configuration was read");
      }
      WarmStart.Report report =
          new WarmStart(
                  SafetensorsReader.read(bytes, Integer.MAX_VALUE).tensors(),
                  warmStart.strict(),
                  warmStart.replaceHead())
              .load(config.network(), learner.state());
      LOG.info("warm start from {}: {}", file, report);
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalStateException("warm start: " + file + ": " + e.getMessage(), e);
    }
  }
}
