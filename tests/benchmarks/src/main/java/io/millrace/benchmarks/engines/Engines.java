package io.millrace.benchmarks.engines;

import java.util.List;

/** The peers by name. */
public final class Engines {
  /** Those that train, in the order of the tables. */
  public static final List<String> TRAINERS = List.of("libtorch");

  private Engines() {}

  /**
   * A peer that trains.
   *
   * @throws IllegalArgumentException if there is none of this name
   */
  public static Trainer trainer(String name, TrainingSetup setup) {
    return switch (name) {
      case "libtorch" -> new LibtorchTrainer(setup);
      default ->
          throw new IllegalArgumentException("peer: expected one of " + TRAINERS + ", got " + name);
    };
  }
}
