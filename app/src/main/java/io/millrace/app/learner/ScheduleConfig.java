package io.millrace.app.learner;

import io.millrace.app.yaml.Range;
import io.millrace.app.yaml.Section;
import io.millrace.model.optimizer.ConstantSchedule;
import io.millrace.model.optimizer.CosineWarmRestarts;
import io.millrace.model.optimizer.Exponential;
import io.millrace.model.optimizer.LinearWarmup;
import io.millrace.model.optimizer.MultiStep;
import io.millrace.model.optimizer.Schedule;
import io.millrace.model.optimizer.StepDecay;
import java.util.List;

/** Reads the learning rate's schedule; keys that the chosen schedule does not use are ignored. */
final class ScheduleConfig {

  private enum Kind {
    CONSTANT,
    STEP_DECAY,
    MULTI_STEP,
    EXPONENTIAL,
    COSINE_WARM_RESTARTS
  }

  private ScheduleConfig() {}

  static Schedule read(Section root) {
    Section section = root.section("learningRate", "How the learning rate goes with the step");
    Kind kind = section.choice("schedule", Kind.STEP_DECAY, "The shape of the decay");
    double rate = section.number("rate", 0.01, Range.above(0), "The rate at the start");
    long everySteps =
        section.longInteger(
            "everySteps",
            10_000,
            1,
            Long.MAX_VALUE,
            "stepDecay, exponential: steps from one decay to the next");
    double gamma =
        section.number(
            "gamma",
            0.5,
            Range.openClosed(0, 1),
            "stepDecay, multiStep, exponential: factor of a decay");
    double floor =
        section.number(
            "floor", 1e-4, Range.atLeast(0), "The rate never falls below; not for multiStep");
    List<Long> milestones =
        section.longs(
            "milestones", List.of(), 1, Long.MAX_VALUE, "multiStep: steps at which the rate falls");
    long period =
        section.longInteger(
            "period", 10_000, 1, Long.MAX_VALUE, "cosineWarmRestarts: steps of the first cycle");
    int multiplier =
        section.integer(
            "multiplier", 2, 1, 1000, "cosineWarmRestarts: each cycle is so many times longer");
    long warmupSteps =
        section.longInteger(
            "warmupSteps", 0, 0, Long.MAX_VALUE, "Steps of linear warm-up in front; 0 for none");
    Schedule schedule =
        section.build(() ->
            switch (kind) {
              case CONSTANT -> new ConstantSchedule(rate);
              case STEP_DECAY -> new StepDecay(rate, everySteps, gamma, floor);
              case MULTI_STEP -> new MultiStep(rate, milestones, gamma);
              case EXPONENTIAL -> new Exponential(rate, everySteps, gamma, floor);
              case COSINE_WARM_RESTARTS -> new CosineWarmRestarts(rate, period, multiplier, floor);
            });
    return warmupSteps == 0
        ? schedule
        : section.build(() -> new LinearWarmup(warmupSteps, schedule));
  }
}
