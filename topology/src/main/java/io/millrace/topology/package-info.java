/**
 * The Kafka Streams topologies. {@code MillraceTopology} is the wiring of the one that learns;
 * packages {@code predict} and {@code labels} have those beside it. Imports schemas, model,
 * serving, kafka-streams and micrometer.
 */
@NullMarked
package io.millrace.topology;

import org.jspecify.annotations.NullMarked;
