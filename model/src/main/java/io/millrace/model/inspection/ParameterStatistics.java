package io.millrace.model.inspection;

/**
 * One parameter tensor after a step. The ratio of {@code updateNorm} to {@code weightNorm} says how
 * far a step goes: about 1e-3 is usual.
 *
 * @param weightNorm Euclidean norm of the weights
 * @param gradientNorm Euclidean norm of the step's gradient, before clipping and weight decay; 0
 *     where it is frozen
 * @param updateNorm Euclidean norm of what the step added to the weights
 */
public record ParameterStatistics(
    String name,
    double weightNorm,
    double gradientNorm,
    double updateNorm,
    Histogram weights,
    Histogram gradients) {}
