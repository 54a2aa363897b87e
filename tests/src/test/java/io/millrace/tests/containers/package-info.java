/**
 * Learner and server against the broker that people run: the public image of Apache Kafka in a
 * container. Where no Docker engine answers these tests say so and do not run. Imports the support
 * package and every module.
 */
@NullMarked
package io.millrace.tests.containers;

import org.jspecify.annotations.NullMarked;
