/** Trainings in JVMs of their own, which differ in their flags. Imports everything. */
@NullMarked
package io.millrace.benchmarks.processes;

import org.jspecify.annotations.NullMarked;
