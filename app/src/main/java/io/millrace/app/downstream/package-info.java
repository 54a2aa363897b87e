/** What a downstream program does: loads snapshots as they come and predicts with them. */
@NullMarked
package io.millrace.app.downstream;

import org.jspecify.annotations.NullMarked;
