package io.millrace.app.process;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** Says which version this is, from the jar's manifest. */
public final class VersionProvider implements IVersionProvider {

  @Override
  public String[] getVersion() {
    return new String[] {"Millrace " + version(), "JDK " + Runtime.version()};
  }

  /** The version of the build, or {@code development} outside of a jar. */
  public static String version() {
    return Objects.requireNonNullElse(
        VersionProvider.class.getPackage().getImplementationVersion(), "development");
  }
}
