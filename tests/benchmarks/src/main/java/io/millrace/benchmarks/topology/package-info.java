/**
 * The whole topology on a broker in a JVM of its own: how much of the learner's speed is left, and
 * what its commits cost. Imports everything.
 */
@NullMarked
package io.millrace.benchmarks.topology;

import org.jspecify.annotations.NullMarked;
