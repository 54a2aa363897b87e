package io.millrace.app.progress;

import io.millrace.TrainingMetrics;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What there is to show.
 *
 * @param waiting what is waited for as long as there are no metrics
 * @param losses windowed, since the program began
 * @param accuracies likewise, 0 to 1
 * @param totalImages that will come in all, where that is known
 * @param downstream how a downstream program does with the newest snapshot
 * @param paused why training waits
 */
record LearningState(
    String waiting,
    Optional<TrainingMetrics> newest,
    double[] losses,
    double[] accuracies,
    OptionalLong totalImages,
    Optional<String> downstream,
    Optional<String> paused) {}
