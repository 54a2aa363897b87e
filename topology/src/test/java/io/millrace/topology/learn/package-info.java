/** Tests of learn. */
@NullMarked
package io.millrace.topology.learn;

import org.jspecify.annotations.NullMarked;
