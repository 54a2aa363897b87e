/** Tests of the tables' form. */
@NullMarked
package io.millrace.benchmarks.report;

import org.jspecify.annotations.NullMarked;
