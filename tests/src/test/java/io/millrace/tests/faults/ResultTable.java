package io.millrace.tests.faults;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The results of a plan as two tables in Markdown: by kind of fault, and run by run. */
final class ResultTable {

  private ResultTable() {}

  /** How often a kind struck, in how many runs, and how many of these ended equal. */
  private record Line(int faults, int runs, int equalRuns) {
    Line plus(int more, boolean equal) {
      return new Line(faults + more, runs + 1, equalRuns + (equal ? 1 : 0));
    }
  }

  static String of(List<RunResult> results, List<String> notRun) {
    Map<FaultKind, Line> byKind = new EnumMap<>(FaultKind.class);
    for (RunResult result : results) {
      result
          .faults()
          .forEach((kind, count) ->
              byKind.merge(
                  kind,
                  new Line(count, 1, result.equal() ? 1 : 0),
                  (line, _) -> line.plus(count, result.equal())));
    }
    List<String> lines = new ArrayList<>();
    lines.add("| fault | times | runs with it | of these equal |");
    lines.add("| --- | --- | --- | --- |");
    byKind.forEach((kind, line) ->
        lines.add(
            "| "
                + kind.words()
                + " | "
                + line.faults
                + " | "
                + line.runs
                + " | "
                + line.equalRuns
                + " |"));
    lines.add("");
    lines.add(
        "| scenario | seed | faults | fenced | ended by itself | steps | images | seconds | result |");
    lines.add("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for (RunResult result : results) {
      int faults = result.faults().values().stream().mapToInt(Integer::intValue).sum();
      lines.add(
          "| "
              + result.scenario().text()
              + " | "
              + result.seed()
              + " | "
              + faults
              + " | "
              + result.fenced()
              + " | "
              + result.endedByThemselves()
              + " | "
              + result.steps()
              + " | "
              + result.images()
              + " | "
              + result.wallMs() / 1000
              + " | "
              + (result.equal() ? "equal" : String.join("; ", result.problems()))
              + " |");
    }
    notRun.forEach(reason -> lines.add("\nNot run: " + reason + "."));
    return String.join("\n", lines) + "\n";
  }
}
