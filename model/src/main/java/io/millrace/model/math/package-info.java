/**
 * Mathematics whose bits are the same on every machine: exponential, logarithm and counter-based
 * randomness. Imports nothing of the project but {@code tensor}.
 */
@NullMarked
package io.millrace.model.math;

import org.jspecify.annotations.NullMarked;
