package io.millrace.app.monitoring;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a command answers for its health and its meters. */
public final class MonitoringOptions {

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      description =
          "Answers /livez, /readyz and /metrics (Prometheus) at this port, 0 for any that is free;"
              + " without it nothing listens.")
  private @Nullable Integer port;

  @Option(
      names = "--http-host",
      paramLabel = "HOST",
      defaultValue = "127.0.0.1",
      description =
          "Where to listen; the default is this machine alone: there is no login and no encryption"
              + " (default: ${DEFAULT-VALUE}).")
  private String host = "127.0.0.1";

  /**
   * Meters as the options want them.
   *
   * @throws IllegalArgumentException if there is no such port
   */
  public Monitoring open() {
    if (port == null) {
      return Monitoring.off();
    }
    if (port < 0 || port > 0xffff) {
      throw new IllegalArgumentException("--http-port: expected 0 to 65535, got " + port);
    }
    return Monitoring.at(new InetSocketAddress(host, port));
  }
}
