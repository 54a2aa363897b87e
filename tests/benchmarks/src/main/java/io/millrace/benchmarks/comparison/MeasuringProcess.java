package io.millrace.benchmarks.comparison;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.app.network.NetworkFiles;
import io.millrace.benchmarks.engines.Quiet;
import io.millrace.benchmarks.engines.RealImages;
import io.millrace.benchmarks.report.CaseResult;
import io.millrace.model.spec.NetworkSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The main class of a measuring process: reads a plan, writes an outcome, both as JSON files. */
public final class MeasuringProcess {
  private static final long SEED = 1;

  private MeasuringProcess() {}

  /** Takes the plan's file and the outcome's. */
  public static void main(String[] arguments) throws IOException {
    Quiet.peers();
    ObjectMapper json = new ObjectMapper();
    Plan plan = json.readValue(Path.of(arguments[0]).toFile(), Plan.class);
    json.writeValue(Path.of(arguments[1]).toFile(), run(plan));
    // Threads of the native libraries must not keep the process.
    System.exit(0);
  }

  private static Outcome run(Plan plan) {
    NetworkSpec network = NetworkFiles.load(plan.network(), Path.of("").toAbsolutePath());
    List<CaseResult> cases = new ArrayList<>();
    try (RealImages images = new RealImages(plan.dataset(), network.input(), SEED)) {
      for (int batch : plan.batches()) {
        cases.add(
            switch (plan.kind()) {
              case TRAINING -> new TrainingCase(plan, network, images, batch).run();
              case INFERENCE -> new InferenceCase(plan, network, images, batch).run();
            });
      }
      return new Outcome(images.description(), cases);
    }
  }
}
