package io.millrace.tests.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.app.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;

/** What the doctor said, as its text for people. */
record Diagnosis(int exitCode, String text) {

  /** Runs the command in this process. */
  static Diagnosis of(List<String> arguments) {
    List<String> all = new ArrayList<>(List.of("doctor"));
    all.addAll(arguments);
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        Main.execute(
            new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
    return new Diagnosis(exitCode, out + err.toString());
  }

  /** Expects one finding of this kind and subject, with these words, and these in its mend. */
  void assertFound(String mark, String subject, String found, String mend) {
    List<String> lines = text.lines().toList();
    for (int i = 0; i + 1 < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith(mark) && line.contains(subject) && line.contains(found)) {
        String next = lines.get(i + 1).strip();
        assertTrue(next.startsWith("mend: ") && next.contains(mend), () -> next + "\nof\n" + text);
        assertEquals(mark.equals("FAULT") || text.contains("FAULT") ? 1 : 0, exitCode, text);
        return;
      }
    }
    throw new AssertionError(
        "expected " + mark + " " + subject + " with '" + found + "', got\n" + text);
  }
}
