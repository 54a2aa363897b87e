/**
 * A seeded mutation fuzzer for everything that takes bytes from outside: records, pictures, data
 * set files, YAML and snapshots. {@code FuzzTargets} lists what is fuzzed, {@code Fuzzer} runs it,
 * and {@code src/test/resources/fuzz} keeps the inputs that once found a fault. Imports every
 * module.
 */
@NullMarked
package io.millrace.tests.fuzz;

import org.jspecify.annotations.NullMarked;
