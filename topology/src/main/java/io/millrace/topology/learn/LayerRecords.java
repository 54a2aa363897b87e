package io.millrace.topology.learn;

import io.millrace.ActivationStatistics;
import io.millrace.ConvolutionFilters;
import io.millrace.Histogram;
import io.millrace.LayerStatistics;
import io.millrace.ParameterStatistics;
import io.millrace.model.inspection.Inspection;
import io.millrace.model.inspection.Inspector;
import io.millrace.model.kernel.KernelLookup;
import io.millrace.model.training.Learner;
import io.millrace.schemas.AvroCodec;
import io.millrace.topology.config.LearnerConfig;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks into the network every so many steps, and makes the record of what was seen. */
final class LayerRecords {

  /** So that the record of the deepest network stays far below what a broker takes. */
  private static final int MAX_LISTED = 1_000;

  private final AvroCodec<LayerStatistics> codec = AvroCodec.of(LayerStatistics.class);
  private final LearnerConfig config;
  private final Learner learner;
  private @Nullable Inspector inspector;

  LayerRecords(LearnerConfig config, Learner learner) {
    this.config = config;
    this.learner = learner;
  }

  /** To be called before a step: whether it is one to look at. */
  boolean begin() {
    long every = config.metrics().layersEverySteps();
    if (every == 0 || (learner.step() + 1) % every != 0) {
      return false;
    }
    if (inspector == null) {
      inspector = new Inspector(config.network(), learner, KernelLookup.lookup());
    }
    inspector.before();
    return true;
  }

  /** The record of the step that was begun, while the learner holds its minibatch. */
  KeyedBytes record(int batchSize) {
    if (inspector == null) {
      throw new IllegalStateException("record: expected a step that was begun");
    }
    Inspection seen = inspector.after(batchSize);
    LayerStatistics record =
        LayerStatistics.newBuilder()
            .setModel(config.model())
            .setStep(learner.step())
            .setNetworkFingerprint(config.network().fingerprint())
            .setParameters(
                seen.parameters().stream().limit(MAX_LISTED).map(LayerRecords::of).toList())
            .setActivations(
                seen.activations().stream().limit(MAX_LISTED).map(LayerRecords::of).toList())
            .setFilters(seen.filters().map(LayerRecords::of).orElse(null))
            .build();
    return KeyedBytes.of(config.model(), codec.encode(record));
  }

  private static ParameterStatistics of(
      io.millrace.model.inspection.ParameterStatistics statistics) {
    return new ParameterStatistics(
        statistics.name(),
        statistics.weightNorm(),
        statistics.gradientNorm(),
        statistics.updateNorm(),
        of(statistics.weights()),
        of(statistics.gradients()));
  }

  private static ActivationStatistics of(
      io.millrace.model.inspection.ActivationStatistics statistics) {
    return new ActivationStatistics(
        statistics.layer(),
        boxed(statistics.shape().toArray()),
        statistics.mean(),
        statistics.standardDeviation(),
        statistics.zeros(),
        of(statistics.values()));
  }

  private static Histogram of(io.millrace.model.inspection.Histogram histogram) {
    return new Histogram(
        histogram.low(), histogram.high(), boxed(histogram.counts()), histogram.notFinite());
  }

  private static ConvolutionFilters of(Inspection.Filters filters) {
    float[] values = filters.values().data();
    Float[] boxed = new Float[values.length];
    Arrays.setAll(boxed, i -> values[i]);
    return new ConvolutionFilters(
        filters.parameter(), boxed(filters.values().shape().toArray()), Arrays.asList(boxed));
  }

  private static List<Integer> boxed(int[] values) {
    return Arrays.stream(values).boxed().toList();
  }
}
