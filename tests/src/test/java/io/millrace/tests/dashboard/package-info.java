/** The page: its server against a real broker and a real learner. */
@NullMarked
package io.millrace.tests.dashboard;

import org.jspecify.annotations.NullMarked;
