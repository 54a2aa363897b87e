/** Tests of what the topology's benchmarks count. */
@NullMarked
package io.millrace.benchmarks.topology;

import org.jspecify.annotations.NullMarked;
