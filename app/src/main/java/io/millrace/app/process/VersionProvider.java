package io.millrace.app.process;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** Says which version this is, from the jar's manifest. */
public final class VersionProvider implements IVersionProvider {

  @Override
  public String[] getVersion() {
    String version = VersionProvider.class.getPackage().getImplementationVersion();
    return new String[] {
      "Millrace " + Objects.requireNonNullElse(version, "development"), "JDK " + Runtime.version()
    };
  }
}
