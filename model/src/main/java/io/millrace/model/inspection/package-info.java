/**
 * How a step looks from inside the network: norms, histograms, activations, filters. May import
 * everything of the model but the formats.
 */
@NullMarked
package io.millrace.model.inspection;

import org.jspecify.annotations.NullMarked;
