/** Tests that what is measured is what training runs. */
@NullMarked
package io.millrace.benchmarks.kernels;

import org.jspecify.annotations.NullMarked;
