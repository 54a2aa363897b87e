package io.millrace.benchmarks.engines;

/**
 * A minibatch as Millrace takes it.
 *
 * @param images [n][c][h][w], normalized
 * @param labels [n], the class of each image
 */
public record Batch(float[] images, int[] labels) {}
