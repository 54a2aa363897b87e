/** How far learning is: a live block on a terminal, lines where the output is piped, or JSON. */
@NullMarked
package io.millrace.app.progress;

import org.jspecify.annotations.NullMarked;
