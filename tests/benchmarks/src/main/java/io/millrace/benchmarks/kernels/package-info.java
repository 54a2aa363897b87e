/**
 * Speed and accuracy of single kernels on the shapes of real layers. Imports the model's kernels.
 */
@NullMarked
package io.millrace.benchmarks.kernels;

import org.jspecify.annotations.NullMarked;
