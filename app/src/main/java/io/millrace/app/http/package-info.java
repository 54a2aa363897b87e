/**
 * A small HTTP server on the JDK's own: paths and what answers there, limits on what a client may
 * send and on how long it may take, streams that last, JSON token by token. It knows nothing of
 * Millrace, and imports the JDK, Jackson's core, Micrometer and the logger.
 */
@NullMarked
package io.millrace.app.http;

import org.jspecify.annotations.NullMarked;
