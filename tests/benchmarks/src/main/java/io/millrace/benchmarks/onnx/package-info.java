/** Networks as ONNX files, as far as the benchmarks need it. */
@NullMarked
package io.millrace.benchmarks.onnx;

import org.jspecify.annotations.NullMarked;
