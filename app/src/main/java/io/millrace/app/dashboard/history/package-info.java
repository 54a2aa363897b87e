/** Curves and windows in bounded memory. It knows neither Kafka nor HTTP. */
@NullMarked
package io.millrace.app.dashboard.history;

import org.jspecify.annotations.NullMarked;
