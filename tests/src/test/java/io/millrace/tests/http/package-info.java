/** The HTTP server that screens, predictions and monitoring stand on. */
@NullMarked
package io.millrace.tests.http;

import org.jspecify.annotations.NullMarked;
