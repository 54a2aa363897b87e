package io.millrace.app.demo;

import io.millrace.app.dashboard.Dashboard;
import io.millrace.app.dashboard.DashboardSettings;
import io.millrace.topology.config.LearnerConfig;
import java.io.IOException;
import java.net.BindException;
import java.util.Optional;

/** The page on the demo's learner, if it is wanted. */
final class DemoPage implements AutoCloseable {
  private static final int TRIES = 10;

  private final Optional<Dashboard> dashboard;

  private DemoPage(Optional<Dashboard> dashboard) {
    this.dashboard = dashboard;
  }

  /** Serves it at the wanted port, or at one of the next ones, or at any. */
  static DemoPage start(DemoSettings settings, LearnerConfig config) throws IOException {
    if (!settings.page()) {
      return new DemoPage(Optional.empty());
    }
    int first = settings.pagePort();
    for (int port = first; port < Math.min(first + TRIES, 0x10000) && port != 0; port++) {
      Optional<Dashboard> dashboard = tryPort(config, port);
      if (dashboard.isPresent()) {
        return new DemoPage(dashboard);
      }
    }
    return new DemoPage(Optional.of(Dashboard.start(DashboardSettings.local(config, 0))));
  }

  private static Optional<Dashboard> tryPort(LearnerConfig config, int port) throws IOException {
    try {
      return Optional.of(Dashboard.start(DashboardSettings.local(config, port)));
    } catch (BindException e) {
      return Optional.empty();
    }
  }

  Optional<String> url() {
    return dashboard.map(Dashboard::url);
  }

  @Override
  public void close() {
    dashboard.ifPresent(Dashboard::close);
  }
}
