package io.millrace.app.demo;

import io.millrace.app.data.ImageSource;
import io.millrace.app.learner.LearnerConfigFile;
import io.millrace.app.yaml.ConfigReader;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.topology.config.LearnerConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** The learner's configuration in a demo: the defaults, some values that suit it, the user's. */
final class DemoConfig {

  private DemoConfig() {}

  static LearnerConfig of(
      DemoSettings settings,
      DemoPlan plan,
      NetworkSpec network,
      ImageSource source,
      String bootstrapServers) {
    List<String> values = new ArrayList<>();
    values.add("model=" + network.name());
    values.add("network=" + settings.network());
    values.add("seed=" + settings.seed());
    values.add("threads=" + settings.threads());
    values.add("minibatch.size=" + settings.batchSize());
    values.add("learningRate.rate=0.015");
    values.add("learningRate.warmupSteps=" + plan.warmupSteps());
    values.add("learningRate.everySteps=" + plan.decayEverySteps());
    values.add("learningRate.gamma=0.5");
    values.add("learningRate.floor=0.0005");
    values.add("snapshots.everySteps=" + plan.snapshotEverySteps());
    values.add("snapshots.everySeconds=10");
    // Fashion-MNIST's own; close enough for other gray or color images.
    values.add("images.mean=" + repeat("0.286", network.input().extent(0)));
    values.add("images.std=" + repeat("0.353", network.input().extent(0)));
    if (source.classNames().size() == network.classes()) {
      values.add(
          "images.classNames="
              + source.classNames().stream()
                  .map(name -> '"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                  .collect(Collectors.joining(", ", "[", "]")));
    }
    values.add("kafka.application.id=millrace-demo");
    values.add("kafka.state.dir=" + settings.folder().resolve("state").toAbsolutePath());
    values.add("kafka.bootstrap.servers=" + bootstrapServers);
    values.addAll(settings.overrides());
    return LearnerConfigFile.load(
            ConfigReader.withoutFile("demo", values), Path.of("").toAbsolutePath())
        .config();
  }

  private static String repeat(String value, int times) {
    return "[" + String.join(", ", Collections.nCopies(times, value)) + "]";
  }
}
