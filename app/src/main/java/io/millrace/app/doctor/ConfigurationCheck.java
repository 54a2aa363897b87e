package io.millrace.app.doctor;

import io.millrace.app.learner.ConfigOptions.Examined;
import io.millrace.topology.StreamsProperties;
import io.millrace.topology.config.LearnerConfig;
import java.util.ArrayList;
import java.util.List;

/** The configuration with all of its mistakes: keys, values, network file, key files. */
final class ConfigurationCheck implements Check {

  private final Examined examined;
  private final String source;

  ConfigurationCheck(Examined examined, String source) {
    this.examined = examined;
    this.source = source;
  }

  @Override
  public String subject() {
    return "configuration";
  }

  @Override
  public List<Finding> look() {
    List<Finding> findings = new ArrayList<>();
    for (String problem : examined.problems()) {
      findings.add(fault(problem, "correct it; ./millrace config prints every key"));
    }
    examined
        .loaded()
        .ifPresent(loaded -> {
          try {
            var _ = StreamsProperties.of(loaded.config());
          } catch (IllegalArgumentException e) {
            findings.add(fault(String.valueOf(e.getMessage()), "correct " + source));
          }
        });
    if (findings.isEmpty()) {
      findings.add(
          fine(source + examined.loaded().map(loaded -> describe(loaded.config())).orElse("")));
    }
    return findings;
  }

  private static String describe(LearnerConfig config) {
    return ": model "
        + config.model()
        + ", network "
        + config.network().name()
        + (config.signing().signer().isPresent() ? ", signs" : "");
  }
}
