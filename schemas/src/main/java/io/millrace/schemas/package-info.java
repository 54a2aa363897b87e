/**
 * The wire: bytes to records and back, topic names, snapshot keys, dead-letter headers and the
 * committed history of every schema. Imports the generated records of {@code io.millrace} and Avro;
 * nothing of Kafka.
 */
@NullMarked
package io.millrace.schemas;

import org.jspecify.annotations.NullMarked;
