/**
 * Exactly once, to the bit: learners under seeded schedules of faults, each JVM in a process of its
 * own, and the comparison with a run that nothing disturbed.
 *
 * <p>A {@link io.millrace.tests.faults.Scenario} says which faults; {@link
 * io.millrace.tests.faults.Schedule} makes a list of them out of a seed; {@link
 * io.millrace.tests.faults.FaultRun} carries it out and compares {@link
 * io.millrace.tests.faults.Digest digests}. Imports the support package and every module.
 */
@NullMarked
package io.millrace.tests.faults;

import org.jspecify.annotations.NullMarked;
