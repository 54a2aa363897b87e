/**
 * What a learner is told, as plain records, checked when made. Imports the model's specs and
 * nothing of Kafka.
 */
@NullMarked
package io.millrace.topology.config;

import org.jspecify.annotations.NullMarked;
