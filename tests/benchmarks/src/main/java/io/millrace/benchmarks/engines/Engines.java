package io.millrace.benchmarks.engines;

import java.util.List;

/** The peers by name. */
public final class Engines {
  /** Those that train, in the order of the tables. */
  public static final List<String> TRAINERS = List.of("libtorch", "dl4j");

  /** Those that predict, in the order of the tables. */
  public static final List<String> PREDICTORS = List.of("onnxruntime", "libtorch", "dl4j");

  private Engines() {}

  /**
   * A peer that trains.
   *
   * @throws IllegalArgumentException if there is none of this name
   */
  public static Trainer trainer(String name, TrainingSetup setup) {
    return switch (name) {
      case "libtorch" -> new LibtorchTrainer(setup);
      case "dl4j" -> new Dl4jTrainer(setup);
      default ->
          throw new IllegalArgumentException("peer: expected one of " + TRAINERS + ", got " + name);
    };
  }

  /**
   * A peer that predicts.
   *
   * @throws IllegalArgumentException if there is none of this name
   */
  public static Predictor predictor(String name, InferenceSetup setup) {
    return switch (name) {
      case "onnxruntime" -> new OnnxPredictor(setup);
      case "libtorch" -> new LibtorchPredictor(setup);
      case "dl4j" -> new Dl4jPredictor(setup);
      default ->
          throw new IllegalArgumentException(
              "peer: expected one of " + PREDICTORS + ", got " + name);
    };
  }
}
