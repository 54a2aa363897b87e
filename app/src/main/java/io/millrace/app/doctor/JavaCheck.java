package io.millrace.app.doctor;

import java.util.List;

/** The JDK, and whether it is one that Millrace is tested with. */
final class JavaCheck implements Check {

  private static final int TESTED = 25;

  @Override
  public String subject() {
    return "java";
  }

  @Override
  public List<Finding> look() {
    String found =
        "JDK "
            + Runtime.version()
            + " ("
            + System.getProperty("java.vendor")
            + "), "
            + System.getProperty("os.name")
            + " "
            + System.getProperty("os.arch");
    return List.of(
        Runtime.version().feature() == TESTED
            ? fine(found)
            : warning(
                found + "; Millrace is tested with JDK " + TESTED,
                "set JAVA_HOME to a JDK " + TESTED));
  }
}
