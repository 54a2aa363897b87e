/**
 * One step of training, the state that it moves, and inference with what was learned. May import
 * every package of the model.
 */
@NullMarked
package io.millrace.model.training;

import org.jspecify.annotations.NullMarked;
