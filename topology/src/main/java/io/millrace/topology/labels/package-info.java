/**
 * Labels that come later than their images: both wait for each other by id, and leave as training
 * images. Imports schemas, config and decode.
 */
@NullMarked
package io.millrace.topology.labels;

import org.jspecify.annotations.NullMarked;
