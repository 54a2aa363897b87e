package io.millrace.topology;

import io.micrometer.core.instrument.binder.MeterBinder;

/** What can be asked of any program on Kafka Streams while it runs. */
public interface RunningStreams {

  /** How it is now; cheap enough to be asked every second. */
  StreamsHealth health();

  /** The meters of Kafka Streams and of its clients, which end with the program. */
  MeterBinder kafkaMeters();
}
