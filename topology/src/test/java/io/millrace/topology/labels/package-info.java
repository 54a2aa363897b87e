/** Tests of the join of labels without a broker. */
@NullMarked
package io.millrace.topology.labels;

import org.jspecify.annotations.NullMarked;
