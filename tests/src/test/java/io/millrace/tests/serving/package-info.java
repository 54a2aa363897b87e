/** What downstream programs use, on a real broker: finding, verifying, choosing, swapping. */
@NullMarked
package io.millrace.tests.serving;

import org.jspecify.annotations.NullMarked;
