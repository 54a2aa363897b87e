/** How a command ends: signals, and waiting for its threads. */
@NullMarked
package io.millrace.app.process;

import org.jspecify.annotations.NullMarked;
