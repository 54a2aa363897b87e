/**
 * {@code millrace promote}: lets an alias move on to the newest version while held-out images of
 * the stream say that it is good enough. Imports serving, topology's decoding, and the app's
 * control, downstream, learner and process packages.
 */
@NullMarked
package io.millrace.app.promote;

import org.jspecify.annotations.NullMarked;
