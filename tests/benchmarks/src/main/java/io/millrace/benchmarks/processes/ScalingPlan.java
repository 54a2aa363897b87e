package io.millrace.benchmarks.processes;

import io.millrace.benchmarks.measure.Effort;
import java.util.List;

/**
 * What a process of {@link Scaling} is to do.
 *
 * @param network name or file
 * @param batches sizes, each measured by itself
 * @param threads in ascending order; speeds are related to the first
 */
record ScalingPlan(
    String network, List<Integer> batches, List<Integer> threads, Effort effort, String dataset) {
  ScalingPlan {
    batches = List.copyOf(batches);
    threads = List.copyOf(threads);
  }
}
