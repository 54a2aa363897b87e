/** What a burst of wrong labels does to a model, with the guard and without. */
@NullMarked
package io.millrace.benchmarks.guards;

import org.jspecify.annotations.NullMarked;
