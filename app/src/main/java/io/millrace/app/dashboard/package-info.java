/**
 * {@code ./millrace dashboard}: a page on a learner that is drawn from topics alone. Its parts are
 * {@code history} (what is kept in memory), {@code feed} (what is read from the cluster) and {@code
 * panel} (what of it goes to the browser, as JSON).
 */
@NullMarked
package io.millrace.app.dashboard;

import org.jspecify.annotations.NullMarked;
