/** The page on a learner: its server over HTTP, and what a browser makes of it. */
@NullMarked
package io.millrace.tests.dashboard;

import org.jspecify.annotations.NullMarked;
