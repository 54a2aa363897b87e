package io.millrace.app.json;

import picocli.CommandLine.Option;

/** Whether a command prints for scripts. */
public final class JsonOption {

  @Option(names = "--json", description = "Prints JSON, one line for each event.")
  private boolean json;

  public boolean isOn() {
    return json;
  }
}
