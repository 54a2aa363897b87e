/**
 * Rebuilds a version of a model from the images and the journal, without Kafka Streams. Imports
 * schemas, model, kafka-clients and the topology's other packages.
 */
@NullMarked
package io.millrace.topology.replay;

import org.jspecify.annotations.NullMarked;
