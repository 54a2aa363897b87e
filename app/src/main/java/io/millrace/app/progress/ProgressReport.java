package io.millrace.app.progress;

import io.millrace.TrainingMetrics;
import java.util.Optional;

/** Takes what happens while a learner learns, and tells it to people or scripts. */
public interface ProgressReport {

  /**
   * Learning begins.
   *
   * @param images the topic
   * @param servers of the cluster
   */
  void started(String model, String network, String images, String servers, int threads);

  /** Health and metrics can be asked for at this address. */
  void listening(String url);

  /** Something that is worth a line. */
  void note(String text);

  /** One minibatch's; called on any thread. */
  void metrics(TrainingMetrics metrics);

  /** Whether training waits, and why; called again and again. */
  void paused(Optional<String> reason);

  /** Time to show what is new; called several times a second. */
  void turn();

  /** Nothing more will come. */
  void end();
}
