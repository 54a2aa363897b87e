/** How things are timed: interleaved windows, their spread, and the machine's FMA peak. */
@NullMarked
package io.millrace.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
