/**
 * The processes that measure. One for each network and number of threads, because the peers' native
 * libraries take their number of threads once for a whole process.
 */
@NullMarked
package io.millrace.benchmarks.comparison;

import org.jspecify.annotations.NullMarked;
