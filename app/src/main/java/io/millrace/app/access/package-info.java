/**
 * Which rights each program needs on a cluster, and what to say when one is refused.
 *
 * <p>May import the topology, the Kafka clients and logback.
 */
@NullMarked
package io.millrace.app.access;

import org.jspecify.annotations.NullMarked;
