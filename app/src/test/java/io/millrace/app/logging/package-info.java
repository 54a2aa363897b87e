/** What the log shows of Kafka, and in which form. */
@NullMarked
package io.millrace.app.logging;

import org.jspecify.annotations.NullMarked;
