package io.millrace.app.monitoring;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.millrace.app.process.VersionProvider;

/** The meters of any Millrace process: the JVM, the processor, and which build it is. */
public final class ProcessMeters implements AutoCloseable {

  private final JvmGcMetrics garbageCollection = new JvmGcMetrics();

  private ProcessMeters() {}

  /** Registers them; the pauses of the garbage collector are listened for until it is closed. */
  public static ProcessMeters bind(MeterRegistry registry) {
    ProcessMeters meters = new ProcessMeters();
    new ClassLoaderMetrics().bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    meters.garbageCollection.bindTo(registry);
    Gauge.builder("millrace.build.info", () -> 1)
        .description("Always 1; its tags say what runs")
        .tag("version", VersionProvider.version())
        .tag("java", Runtime.version().toString())
        .strongReference(true)
        .register(registry);
    return meters;
  }

  @Override
  public void close() {
    garbageCollection.close();
  }
}
