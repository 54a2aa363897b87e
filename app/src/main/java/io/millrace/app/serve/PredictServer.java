package io.millrace.app.serve;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.app.http.Endpoint;
import io.millrace.app.http.WebServer;
import io.millrace.app.monitoring.Monitoring;
import io.millrace.serving.Predictor;
import io.millrace.serving.SnapshotSubscriber;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;

/** Predictions over HTTP. It listens at once; it is ready when a verified model is. */
public final class PredictServer implements AutoCloseable {
  private final WebServer server;

  private PredictServer(WebServer server) {
    this.server = server;
  }

  /**
   * Begins to listen.
   *
   * @param meters what {@code /metrics} prints, with a count of requests beside
   * @throws IOException if the address cannot be had
   */
  public static PredictServer start(
      ServeOptions options,
      Predictor predictor,
      SnapshotSubscriber subscriber,
      PrometheusMeterRegistry meters)
      throws IOException {
    ModelEndpoints model = new ModelEndpoints(predictor, subscriber);
    PredictHandler predict = new PredictHandler(predictor, options);
    Map<String, Endpoint> endpoints =
        Map.of(
            "/predict", Endpoint.of("POST", predict::answer),
            "/livez", Endpoint.get(ModelEndpoints::live),
            "/readyz", Endpoint.get(model::ready),
            "/model", Endpoint.get(model::model),
            "/metrics", Monitoring.metrics(meters));
    return new PredictServer(
        WebServer.start(WebServer.Options.of("serve", options.address()), endpoints, meters));
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return server.address();
  }

  /** Stops listening; requests under way have two seconds to end. */
  @Override
  public void close() {
    server.close();
  }
}
