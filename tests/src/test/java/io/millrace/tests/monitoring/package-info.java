/** Health, meters, TensorBoard's files and what the log says of Kafka. */
@NullMarked
package io.millrace.tests.monitoring;

import org.jspecify.annotations.NullMarked;
