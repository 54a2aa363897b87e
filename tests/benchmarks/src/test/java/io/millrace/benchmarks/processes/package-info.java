/** Tests of what the commands make of their JVMs' results. */
@NullMarked
package io.millrace.benchmarks.processes;

import org.jspecify.annotations.NullMarked;
