/** Placeholder. */
@NullMarked
package io.millrace.serving;

import org.jspecify.annotations.NullMarked;
