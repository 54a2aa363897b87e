/**
 * A Kafka broker inside this process, for the demo, for trying things out ({@code broker}) and for
 * tests that want the real thing.
 *
 * <p>May import the Kafka server and clients and, of Millrace, {@code app.process} alone. {@link
 * io.millrace.app.broker.EmbeddedBroker} is the one class that touches Kafka's internal API.
 */
@NullMarked
package io.millrace.app.broker;

import org.jspecify.annotations.NullMarked;
