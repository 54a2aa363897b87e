/**
 * How weights move: the optimizer's settings and the learning rate as a function of the step.
 * Imports nothing of the project but {@code tensor} and {@code kernel}.
 */
@NullMarked
package io.millrace.model.optimizer;

import org.jspecify.annotations.NullMarked;
