/**
 * The Kafka Streams topology that learns from a topic; {@code MillraceTopology} is the whole
 * wiring. Imports schemas, model, kafka-streams and micrometer.
 */
@NullMarked
package io.millrace.topology;

import org.jspecify.annotations.NullMarked;
