/** Tests of terminal. */
@NullMarked
package io.millrace.app.terminal;

import org.jspecify.annotations.NullMarked;
