package io.millrace.tests.faults;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What came of one run.
 *
 * @param faults how many of each kind struck
 * @param endedByThemselves how often a learner ended without being told to, and was started again
 * @param fenced how often a learner found out that the task, or its transaction, was no longer its
 * @param problems differences from the undisturbed run, and all else that went wrong; empty if the
 *     two are equal
 */
record RunResult(
    Scenario scenario,
    long seed,
    Map<FaultKind, Integer> faults,
    int endedByThemselves,
    int fenced,
    long steps,
    long images,
    long wallMs,
    List<String> problems) {

  private static final String FIELD = "\t";

  RunResult {
    faults = faults.isEmpty() ? Map.of() : new EnumMap<>(faults);
    problems = List.copyOf(problems);
  }

  boolean equal() {
    return problems.isEmpty();
  }

  /** One line for a person. */
  String line() {
    return String.format(
        Locale.ROOT,
        "%-12s seed %-4d %5d steps %4d s  %s  %s%s%s",
        scenario.text(),
        seed,
        steps,
        wallMs / 1000,
        equal() ? "equal" : "DIFFERENT",
        faultText(),
        fenced == 0 ? "" : ", fenced " + fenced + " times",
        endedByThemselves == 0 ? "" : ", ended by itself " + endedByThemselves + " times");
  }

  String faultText() {
    return faults.entrySet().stream()
        .map(entry -> entry.getValue() + " " + entry.getKey())
        .collect(Collectors.joining(", "));
  }

  /** One line for {@link #decode}. */
  String encode() {
    List<String> fields = new ArrayList<>();
    fields.add(scenario.name());
    fields.add(Long.toString(seed));
    fields.add(
        faults.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .collect(Collectors.joining(",")));
    fields.add(Integer.toString(endedByThemselves));
    fields.add(Integer.toString(fenced));
    fields.add(Long.toString(steps));
    fields.add(Long.toString(images));
    fields.add(Long.toString(wallMs));
    problems.forEach(problem -> fields.add(problem.replaceAll("[\t\r\n]+", " ")));
    return String.join(FIELD, fields);
  }

  static RunResult decode(String line) {
    List<String> fields = List.of(line.split(FIELD, -1));
    Map<FaultKind, Integer> faults = new EnumMap<>(FaultKind.class);
    for (String fault : fields.get(2).split(",", -1)) {
      int middle = fault.indexOf('=');
      if (middle > 0) {
        faults.put(
            FaultKind.valueOf(fault.substring(0, middle)),
            Integer.valueOf(fault.substring(middle + 1)));
      }
    }
    return new RunResult(
        Scenario.valueOf(fields.get(0)),
        Long.parseLong(fields.get(1)),
        faults,
        Integer.parseInt(fields.get(3)),
        Integer.parseInt(fields.get(4)),
        Long.parseLong(fields.get(5)),
        Long.parseLong(fields.get(6)),
        Long.parseLong(fields.get(7)),
        fields.subList(8, fields.size()));
  }
}
