/** JSON that commands print for scripts. */
@NullMarked
package io.millrace.app.json;

import org.jspecify.annotations.NullMarked;
