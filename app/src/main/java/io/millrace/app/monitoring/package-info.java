/**
 * Health and meters of a running command over HTTP: {@code /livez}, {@code /readyz} and {@code
 * /metrics}. It may import {@code http}, {@code process} and the module topology.
 */
@NullMarked
package io.millrace.app.monitoring;

import org.jspecify.annotations.NullMarked;
