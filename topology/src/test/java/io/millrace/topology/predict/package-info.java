/** Tests of predictions without a broker. */
@NullMarked
package io.millrace.topology.predict;

import org.jspecify.annotations.NullMarked;
