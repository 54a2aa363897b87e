/** What docs/serving.md shows, compiled and run. Imports nothing of the tests. */
@NullMarked
package io.millrace.tests.examples;

import org.jspecify.annotations.NullMarked;
