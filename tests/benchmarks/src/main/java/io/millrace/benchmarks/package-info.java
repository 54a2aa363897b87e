/** Comparisons with peers on real images, side by side in one process. Imports everything. */
@NullMarked
package io.millrace.benchmarks;

import org.jspecify.annotations.NullMarked;
