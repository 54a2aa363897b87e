/** Tests of state. */
@NullMarked
package io.millrace.topology.state;

import org.jspecify.annotations.NullMarked;
