/**
 * The records that travel through Kafka, generated from {@code src/main/avro}. They are Avro's
 * code: an optional field that is absent is null, and a setter checks nothing. {@code
 * io.millrace.schemas} turns them into bytes and back. Imports Avro alone.
 */
package io.millrace;
