/**
 * The training state as a state store that writes its changelog inside the commit's transaction.
 * Imports schemas and model.
 */
@NullMarked
package io.millrace.topology.state;

import org.jspecify.annotations.NullMarked;
