package io.millrace.app.dashboard.history;

/**
 * What the learner said of one image before it trained on it.
 *
 * @param partition of the topic of images
 * @param step the training step that took it
 */
public record Shown(
    int partition,
    long offset,
    int label,
    int predicted,
    float probability,
    float loss,
    long step) {}
