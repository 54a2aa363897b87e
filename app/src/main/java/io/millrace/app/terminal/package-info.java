/** How progress is shown: a block that is redrawn on a terminal, lines elsewhere. */
@NullMarked
package io.millrace.app.terminal;

import org.jspecify.annotations.NullMarked;
