/**
 * What the log shows of Kafka at the default level: problems once, in words that say what to do. It
 * imports Logback alone; logback.xml names its classes.
 */
@NullMarked
package io.millrace.app.logging;

import org.jspecify.annotations.NullMarked;
