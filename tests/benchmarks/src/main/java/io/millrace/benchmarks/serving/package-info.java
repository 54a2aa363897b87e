/** What a downstream program feels: swaps while it serves, and its start on a long topic. */
@NullMarked
package io.millrace.benchmarks.serving;

import org.jspecify.annotations.NullMarked;
