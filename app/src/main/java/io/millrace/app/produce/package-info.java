/**
 * Sends the images of a data set to a topic, and makes sure that topics exist.
 *
 * <p>May import {@code app.data}, {@code app.access}, the schemas, the Kafka clients and picocli.
 */
@NullMarked
package io.millrace.app.produce;

import org.jspecify.annotations.NullMarked;
