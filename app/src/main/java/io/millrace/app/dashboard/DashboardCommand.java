package io.millrace.app.dashboard;

import io.millrace.app.control.SignWith;
import io.millrace.app.learner.ConfigOptions;
import io.millrace.app.learner.TrustedKeyOptions;
import io.millrace.app.process.StopSignal;
import io.millrace.app.process.VersionProvider;
import io.millrace.serving.ModelSelection;
import io.millrace.topology.config.LearnerConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows a learner in a browser. */
@Command(
    name = "dashboard",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    sortOptions = false,
    description = {
      "Shows a learner in a browser: curves, images, layers, stream.",
      "Reads topics alone, so the learner may run anywhere. Ctrl-C ends it."
    })
public final class DashboardCommand implements Callable<Integer> {
  private static final String TOKEN_VARIABLE = "MILLRACE_DASHBOARD_TOKEN";

  @Mixin private ConfigOptions options = new ConfigOptions();

  @Option(
      names = "--host",
      defaultValue = "127.0.0.1",
      description = {
        "Where to listen; the default is this machine alone (default: ${DEFAULT-VALUE}).",
        "Beyond it, such as with 0.0.0.0, the page asks for a token; there is no encryption."
      })
  private String host = "127.0.0.1";

  @Option(
      names = "--port",
      defaultValue = "8090",
      description = "0 for any that is free (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = {
        "The token that requests must bring, on this machine too; at least 16 characters.",
        "Without it that of the variable "
            + TOKEN_VARIABLE
            + ", or, beyond this machine, a new one."
      })
  private @Nullable Path tokenFile;

  @Option(names = "--read-only", description = "The page gives no commands to the learner.")
  private boolean readOnly;

  @Option(
      names = "--alias",
      paramLabel = "NAME",
      description = "Predicts with what this alias stands for, instead of the newest version.")
  private @Nullable String alias;

  @Mixin private SignWith signWith = new SignWith();

  @Mixin private TrustedKeyOptions trusted = new TrustedKeyOptions();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before call.
  private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    LearnerConfig config = options.load().config();
    InetSocketAddress address = address();
    boolean loopback = address.getAddress().isLoopbackAddress();
    DashboardSettings settings =
        new DashboardSettings(
            config,
            false,
            address,
            PageToken.of(
                Optional.ofNullable(tokenFile),
                Optional.ofNullable(System.getenv(TOKEN_VARIABLE)),
                !loopback),
            alias == null ? new ModelSelection.Newest() : new ModelSelection.Alias(alias),
            trusted.keys(),
            signWith.signer(),
            readOnly);
    try (StopSignal stop = new StopSignal();
        Dashboard dashboard = start(settings)) {
      PrintWriter out = spec.commandLine().getOut();
      out.println(
          "page on model "
              + config.model()
              + " of "
              + config.kafka().get("bootstrap.servers")
              + ": "
              + dashboard.url());
      out.flush();
      stop.await();
    }
    return 0;
  }

  private InetSocketAddress address() {
    if (port < 0 || port > 0xffff) {
      throw new IllegalArgumentException("--port: expected 0 to 65535, got " + port);
    }
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new IllegalArgumentException(
          "--host: expected an address or a name of this machine, got " + host);
    }
    return address;
  }

  private static Dashboard start(DashboardSettings settings) throws IOException {
    try {
      return Dashboard.start(settings);
    } catch (BindException e) {
      InetSocketAddress address = settings.address();
      throw new IllegalArgumentException(
          "--host and --port: expected an address of this machine that is free, got "
              + address.getHostString()
              + ":"
              + address.getPort()
              + " ("
              + e.getMessage()
              + "); choose another --port, or 0 for any",
          e);
    }
  }
}
