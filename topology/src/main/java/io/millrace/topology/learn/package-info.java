/**
 * From images to minibatches, training steps, metrics and snapshots. Imports schemas, model,
 * config, decode and state.
 */
@NullMarked
package io.millrace.topology.learn;

import org.jspecify.annotations.NullMarked;
