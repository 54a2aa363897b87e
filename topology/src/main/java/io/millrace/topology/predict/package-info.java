/**
 * From images without labels to predictions, with the newest snapshot of a model. Imports schemas,
 * serving, config and decode.
 */
@NullMarked
package io.millrace.topology.predict;

import org.jspecify.annotations.NullMarked;
